//! The one gate that every fix passes before it is made or offered.
//!
//! The fix is applied to the text, the text is parsed strictly and checked again. Many fixes are judged
//! together; only where they do not pass together are they taken apart.

use super::Report;
use crate::diagnostic::{Finding, Severity};
use crate::host::{Edit, Grade, Strict, Writer};
use crate::syntax::SyntaxErrorKind;
use crate::text::edit::{self, Disjoint};
use crate::text::{Span, TextEdit};
use std::collections::{HashMap, HashSet};

/// How often a text is checked again at most, whatever its size.
const CHECKS: usize = 32;
/// How many bytes may be checked again beyond that: small texts are worth more looks.
const BYTES: usize = 1 << 20;
/// How many fixes are judged together; the next round takes the next.
const FIXES: usize = 1000;
/// From that many edits on, a fresh look costs less than to follow them.
const MANY_EDITS: usize = 8;

/// A fix that is not made, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    pub rule: &'static str,
    pub why: Objection,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Objection {
    /// The host cannot write it there.
    NoPlace,
    /// It would add or remove something where the syntax is broken.
    BrokenAround,
    BreaksSyntax,
    Repeats(Box<str>),
    Stays,
    Brings(&'static str),
    /// What it mends would be taken for no document any more.
    LosesDocument,
    /// There are more fixes than are looked at, together or one by one.
    TooMany,
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the fix of `{}` is left out: {}", self.rule, self.why)
    }
}

impl std::fmt::Display for Objection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Objection::NoPlace => f.write_str("it cannot be written at its place"),
            Objection::BrokenAround => f.write_str("the syntax around it is broken"),
            Objection::BreaksSyntax => f.write_str("the text would not parse any more"),
            Objection::Repeats(name) => write!(f, "`{}` would stand twice", name.escape_debug()),
            Objection::Stays => f.write_str("the finding would stay"),
            Objection::Brings(rule) => write!(f, "it would bring `{rule}`"),
            Objection::LosesDocument => f.write_str("the document would not be seen as one any more"),
            Objection::TooMany => f.write_str("there are too many to look at each"),
        }
    }
}

/// The fix of a finding as edits of the text that the gate holds.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// Which finding of the report it is for: an index.
    pub finding: usize,
    rule: &'static str,
    severity: Severity,
    message: Box<str>,
    /// Of the finding.
    span: Span,
    pub edits: Vec<TextEdit>,
    /// Whether it only exchanges words.
    is_wording: bool,
    removes: bool,
}

/// What came of offering fixes.
#[derive(Debug, Default)]
pub struct Offer {
    /// As they were offered.
    pub accepted: Vec<Candidate>,
    pub refused: Vec<Refused>,
    /// Findings that are gone.
    pub gone: BySeverity,
    /// Findings that came, beside what a mended word had hidden.
    pub came: BySeverity,
}

/// How many findings, the gravest first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct BySeverity([usize; Severity::ALL.len()]);

impl BySeverity {
    fn add(&mut self, severity: Severity) {
        if let Some(index) = Severity::ALL.iter().position(|it| *it == severity) {
            self.0[index] += 1;
        }
    }

    pub fn total(self) -> usize {
        self.0.iter().sum()
    }
}

impl std::ops::AddAssign for BySeverity {
    fn add_assign(&mut self, other: BySeverity) {
        self.0.iter_mut().zip(other.0).for_each(|(own, other)| *own += other);
    }
}

/// A text, what is known of it, and how often it may be checked again.
pub struct Gate {
    state: State,
    checks: usize,
}

struct State {
    text: String,
    report: Report,
    strict: Strict,
}

/// A judgement that lets fixes pass.
struct Passed {
    state: State,
    edits: Vec<TextEdit>,
    gone: BySeverity,
    came: BySeverity,
}

/// Why fixes do not pass together, and which of them seem to be the cause.
struct Failed {
    why: Objection,
    suspects: HashSet<usize>,
}

impl Failed {
    fn all(why: Objection) -> Failed {
        Failed { why, suspects: HashSet::new() }
    }
}

impl Gate {
    pub fn new(text: String, report: Report) -> Gate {
        let strict = Strict::of(&text, &report.parsed, &report.documents);
        let checks = CHECKS + BYTES / text.len().max(256);
        Gate { state: State { text, report, strict }, checks }
    }

    pub fn report(&self) -> &Report {
        &self.state.report
    }

    pub fn into_text(self) -> String {
        self.state.text
    }

    /// The fixes of those findings, given by index, as far as they can be written down.
    pub fn candidates(
        &self,
        findings: impl IntoIterator<Item = usize>,
        refused: &mut Vec<Refused>,
    ) -> Vec<Candidate> {
        let broken = Broken {
            documents: self.state.broken(),
            faults: self.state.faults(),
            siblings_are_known: self.state.siblings_are_known(),
        };
        let writer = self.state.report.writer(&self.state.text);
        let mut candidates = Vec::new();
        for index in findings {
            let Some(finding) = self.state.report.findings.get(index) else { continue };
            if candidates.len() == FIXES {
                refused.push(Refused { rule: finding.rule.id, why: Objection::TooMany });
                continue;
            }
            match self.state.candidate(index, finding, &broken, &writer) {
                Ok(candidate) => candidates.extend(candidate),
                Err(why) => refused.push(Refused { rule: finding.rule.id, why }),
            }
        }
        candidates
    }

    /// Judges one fix by itself.
    pub fn judge(&mut self, candidate: &Candidate) -> Result<(), Objection> {
        self.checks = self.checks.checked_sub(1).ok_or(Objection::TooMany)?;
        self.state.judge(std::slice::from_ref(candidate)).map(drop).map_err(|failed| failed.why)
    }

    /// Makes as many of the fixes as pass together. Those that collide with one before are left out.
    pub fn offer(&mut self, mut candidates: Vec<Candidate>) -> Offer {
        let mut outcome = Offer::default();
        // What others may refer to goes last, so that a word mended by then keeps it.
        candidates.sort_by_key(|it| (it.removes, std::cmp::Reverse(it.severity)));
        let mut taken = Disjoint::default();
        candidates.retain(|candidate| taken.add(&candidate.edits));
        let originals = candidates.clone();
        // Edits are those of the text as it is now; the first number leads to the original.
        let mut groups: Vec<Vec<(usize, Candidate)>> = vec![candidates.into_iter().enumerate().collect()];
        while let Some(mut group) = groups.pop() {
            group.retain(|(_, candidate)| self.state.has(candidate));
            if group.is_empty() {
                continue;
            }
            let Some(checks) = self.checks.checked_sub(1) else {
                let left = group.iter().map(|(_, it)| Refused { rule: it.rule, why: Objection::TooMany });
                outcome.refused.extend(left);
                continue;
            };
            self.checks = checks;
            let (ids, offered): (Vec<usize>, Vec<Candidate>) = group.into_iter().unzip();
            match self.state.judge(&offered) {
                Ok(passed) => {
                    outcome.accepted.extend(ids.iter().map(|id| originals[*id].clone()));
                    outcome.gone += passed.gone;
                    outcome.came += passed.came;
                    let moved = Moved::by(&passed.edits);
                    let waiting = groups.iter_mut().flatten();
                    waiting.for_each(|(_, candidate)| candidate.shift(&moved));
                    self.state = passed.state;
                }
                Err(Failed { why, .. }) if offered.len() == 1 => {
                    outcome.refused.push(Refused { rule: offered[0].rule, why });
                }
                Err(Failed { suspects, .. }) => {
                    let later = split(&offered, &suspects);
                    let mut both = [Vec::new(), Vec::new()];
                    for (index, pair) in ids.into_iter().zip(offered).enumerate() {
                        both[usize::from(later.contains(&index))].push(pair);
                    }
                    groups.extend(both.into_iter().rev());
                }
            }
        }
        outcome
    }
}

impl Candidate {
    fn shift(&mut self, moved: &Moved) {
        self.span = moved.span(self.span);
        self.edits.iter_mut().for_each(|edit| edit.span = moved.span(edit.span));
    }
}

impl State {
    /// Where documents stand whose syntax is broken, in order; everywhere, where the parser cannot tell
    /// one from the other.
    fn broken(&self) -> Vec<Span> {
        let is_whole = self.strict.grade != Grade::Broken;
        if !is_whole && self.report.parsed.tree().is_some() {
            return vec![Span::new(0, self.text.len() as u32)];
        }
        let mut broken: Vec<Span> = self
            .report
            .documents
            .iter()
            .filter(|document| !document.errors.is_empty() || !is_whole && document.is_partial)
            .map(|document| document.span)
            .collect();
        broken.sort();
        broken
    }

    /// What the syntax is broken by, in order.
    fn faults(&self) -> Vec<Span> {
        let of_documents = self.report.documents.iter().flat_map(|document| &document.errors);
        let mut faults: Vec<Span> = of_documents.map(|error| error.span).collect();
        if let Some(tree) = self.report.parsed.tree().filter(|tree| !tree.is_strict_json()) {
            let errors = tree.errors(self.text.as_str());
            faults.extend(errors.iter().filter(|error| !error.kind.is_jsonc()).map(|error| error.span));
        }
        faults.sort();
        faults
    }

    /// Where a text is not closed, what follows may be part of it or not; where a line is read around, a name may
    /// stand on it.
    fn siblings_are_known(&self) -> bool {
        use SyntaxErrorKind::{ControlCharacter, UnclosedString};
        self.report.parsed.tree().is_some_and(|tree| {
            let errors = tree.errors(self.text.as_str());
            !errors.iter().any(|error| matches!(error.kind, UnclosedString | ControlCharacter))
        })
    }

    fn candidate(
        &self,
        index: usize,
        finding: &Finding,
        broken: &Broken,
        writer: &Writer<'_>,
    ) -> Result<Option<Candidate>, Objection> {
        let Some(fix) = &finding.fix else { return Ok(None) };
        let is_wording = fix.edits.iter().all(is_wording);
        let is_guess = |edit: &Edit| {
            is_in(&broken.documents, edit.span().start)
                && (!is_wording || !broken.siblings_are_known && is_name(edit, &self.text))
        };
        if fix.edits.iter().any(is_guess) || fix.edits.iter().any(|edit| broken.has_fault_in(edit.span())) {
            return Err(Objection::BrokenAround);
        }
        let mut edits = writer.text_edits(&fix.edits).ok_or(Objection::NoPlace)?;
        edits.sort_by_key(|edit| edit.span);
        let is_sound = |edit: &TextEdit| self.text.get(edit.span.as_usize()).is_some();
        if edits.is_empty() || !edits.iter().all(is_sound) || !Disjoint::default().add(&edits) {
            return Err(Objection::NoPlace);
        }
        let removes = |edit: &Edit| matches!(edit, Edit::RemoveItem { .. } | Edit::RemoveMember { .. });
        Ok(Some(Candidate {
            finding: index,
            rule: finding.rule.id,
            severity: finding.severity,
            message: finding.message.clone(),
            span: finding.span,
            edits,
            is_wording,
            removes: fix.edits.iter().any(removes),
        }))
    }

    /// Whether the finding of a fix is still there: another fix may have mended it as well.
    fn has(&self, candidate: &Candidate) -> bool {
        let findings = &self.report.findings;
        let from = findings.partition_point(|finding| finding.span.start < candidate.span.start);
        findings[from..]
            .iter()
            .take_while(|finding| finding.span.start == candidate.span.start)
            .any(|finding| finding.rule.id == candidate.rule)
    }

    fn judge(&self, candidates: &[Candidate]) -> Result<Passed, Failed> {
        let mut edits: Vec<TextEdit> =
            candidates.iter().flat_map(|candidate| candidate.edits.iter().cloned()).collect();
        edits.sort_by_key(|edit| edit.span);
        let (Some(first), Some(last)) = (edits.first(), edits.last()) else {
            return Err(Failed::all(Objection::NoPlace));
        };
        let text = edit::apply(&self.text, &edits);
        let old = Span::new(first.span.start, last.span.end);
        let inserted = (text.len() + old.len() as usize - self.text.len()) as u32;
        let report = if edits.len() > MANY_EDITS {
            self.report.alike(&text)
        } else {
            self.report.edited_alike(&text, old, inserted)
        };
        let strict = Strict::of(&text, &report.parsed, &report.documents);
        if !strict.holds_up_to(&self.strict) {
            return Err(Failed::all(Objection::BreaksSyntax));
        }
        if let Some(name) = strict.repeats_beyond(&self.strict) {
            let writes = |candidate: &Candidate| candidate.edits.iter().any(|edit| edit.text.contains(name));
            return Err(Failed {
                why: Objection::Repeats(name.into()),
                suspects: numbers(candidates, writes),
            });
        }
        if report.documents.len() < self.report.documents.len() {
            return Err(Failed::all(Objection::LosesDocument));
        }
        let moved = Moved::by(&edits);
        let compared = Comparison { before: &self.report, after: &report, moved: &moved, candidates };
        let (gone, came) = compared.judge()?;
        Ok(Passed { state: State { text, report, strict }, edits, gone, came })
    }
}

/// Where the syntax of a text is broken.
struct Broken {
    /// The documents it is broken in.
    documents: Vec<Span>,
    faults: Vec<Span>,
    /// Whether it is certain which names stand side by side all the same.
    siblings_are_known: bool,
}

impl Broken {
    /// Whether a value is broken itself: where it ends is a guess.
    fn has_fault_in(&self, value: Span) -> bool {
        let until = self.faults.partition_point(|fault| fault.start < value.end);
        self.faults[..until].iter().rev().take(4).any(|fault| fault.end > value.start)
    }
}

/// Which of the fixes that do not pass together wait for the others.
fn split(candidates: &[Candidate], suspects: &HashSet<usize>) -> HashSet<usize> {
    let removals = numbers(candidates, |candidate| candidate.removes);
    [&removals, suspects]
        .into_iter()
        .find(|some| !some.is_empty() && some.len() < candidates.len())
        .cloned()
        .unwrap_or_else(|| (candidates.len() / 2..candidates.len()).collect())
}

/// Which of them it holds for.
fn numbers(candidates: &[Candidate], holds: impl Fn(&Candidate) -> bool) -> HashSet<usize> {
    (0..candidates.len()).filter(|index| holds(&candidates[*index])).collect()
}

/// The findings before and after.
struct Comparison<'a> {
    before: &'a Report,
    after: &'a Report,
    moved: &'a Moved,
    candidates: &'a [Candidate],
}

impl Comparison<'_> {
    /// How many findings are gone, and how many came that no mended word had hidden.
    fn judge(&self) -> Result<(BySeverity, BySeverity), Failed> {
        let targets = self.targets();
        let (unmatched, mut left) = self.at_their_places(&targets);
        let stays = self.stays(&unmatched);
        if !stays.is_empty() {
            return Err(Failed { why: Objection::Stays, suspects: stays });
        }
        let new = self.elsewhere(unmatched, &mut left);
        let (mut gone, mut came) = (BySeverity::default(), BySeverity::default());
        left.iter().chain(&targets).for_each(|index| gone.add(self.before.findings[*index].severity));
        if new.is_empty() {
            return Ok((gone, came));
        }
        let words: HashSet<(&str, &str)> = new.iter().map(|it| (it.rule.id, &*it.message)).collect();
        let says = |candidate: &Candidate| words.contains(&(candidate.rule, &*candidate.message));
        let says = numbers(self.candidates, says);
        if !says.is_empty() {
            return Err(Failed { why: Objection::Stays, suspects: says });
        }
        let least = self.candidates.iter().map(|candidate| candidate.severity).min();
        let units = Units::of(self.after);
        // Fixes by the unit that they change.
        let mut changed: HashMap<usize, Vec<usize>> = HashMap::new();
        for (index, candidate) in self.candidates.iter().enumerate() {
            for edit in &candidate.edits {
                if let Some(unit) = units.around(self.moved.start(edit.span.start)) {
                    changed.entry(unit).or_default().push(index);
                }
            }
        }
        let mut failed: Option<Failed> = None;
        for finding in new {
            let beside = units.around(finding.span.start).and_then(|unit| changed.get(&unit));
            let beside = beside.map_or(&[][..], Vec::as_slice);
            // What a misspelt word kept from being seen is no harm of mending it.
            if beside.iter().any(|index| self.candidates[*index].is_wording) {
                continue;
            }
            came.add(finding.severity);
            if Some(finding.severity) >= least {
                let failed = failed.get_or_insert_with(|| Failed::all(Objection::Brings(finding.rule.id)));
                failed.suspects.extend(beside);
            }
        }
        failed.map_or(Ok((gone, came)), Err)
    }

    /// The findings that are to go: an index for each fix.
    fn targets(&self) -> HashSet<usize> {
        let mut targets = HashSet::new();
        let findings = &self.before.findings;
        for candidate in self.candidates {
            let from = findings.partition_point(|finding| finding.span.start < candidate.span.start);
            let same = (from..findings.len())
                .take_while(|index| findings[*index].span.start == candidate.span.start)
                .filter(|index| findings[*index].rule.id == candidate.rule)
                .find(|index| !targets.contains(index));
            targets.extend(same);
        }
        targets
    }

    /// Matches what is found after with what was found at the same place. What is left of both.
    fn at_their_places(&self, targets: &HashSet<usize>) -> (Vec<&Finding>, HashSet<usize>) {
        let mut known: HashMap<(&str, u32), Vec<usize>> = HashMap::new();
        let mut left = HashSet::new();
        for (index, finding) in self.before.findings.iter().enumerate().rev() {
            if !targets.contains(&index) {
                let key = (finding.rule.id, self.moved.start(finding.span.start));
                known.entry(key).or_default().push(index);
                left.insert(index);
            }
        }
        let mut unmatched = Vec::new();
        for finding in &self.after.findings {
            let at = known.get_mut(&(finding.rule.id, finding.span.start));
            let found = at.and_then(|at| {
                let fits = |index: &usize| self.before.findings[*index].severity >= finding.severity;
                let number = at.iter().rposition(fits)?;
                Some(at.remove(number))
            });
            match found {
                Some(index) => drop(left.remove(&index)),
                None => unmatched.push(finding),
            }
        }
        (unmatched, left)
    }

    /// The fixes whose finding is still there.
    fn stays(&self, unmatched: &[&Finding]) -> HashSet<usize> {
        let mut by_rule: HashMap<&str, Vec<Span>> = HashMap::new();
        for finding in unmatched {
            by_rule.entry(finding.rule.id).or_default().push(finding.span);
        }
        numbers(self.candidates, |candidate| {
            let place = self.moved.span(candidate.span);
            by_rule.get(candidate.rule).is_some_and(|spans| {
                // In the order of the text; one that begins earlier may reach up to here.
                let until = spans.partition_point(|span| span.start < place.end.max(place.start + 1));
                spans[..until]
                    .iter()
                    .rev()
                    .take(8)
                    .any(|span| span.start == place.start || span.end > place.start)
            })
        })
    }

    /// Matches findings that moved within the document, or whose words changed with a number in them.
    fn elsewhere<'f>(&self, unmatched: Vec<&'f Finding>, left: &mut HashSet<usize>) -> Vec<&'f Finding> {
        if left.is_empty() || unmatched.is_empty() {
            return unmatched;
        }
        let mut order: Vec<usize> = left.iter().copied().collect();
        order.sort_unstable_by(|a, b| b.cmp(a));
        let mut same_words: HashMap<(&str, &str), Vec<usize>> = HashMap::new();
        for index in order {
            let finding = &self.before.findings[index];
            same_words.entry((finding.rule.id, &finding.message)).or_default().push(index);
        }
        let mut rest = Vec::new();
        for finding in unmatched {
            let known = same_words.get_mut(&(finding.rule.id, &*finding.message));
            match known.and_then(Vec::pop) {
                Some(index) => drop(left.remove(&index)),
                None => rest.push(finding),
            }
        }
        let mut same_rule: HashMap<(&str, Severity), Vec<usize>> = HashMap::new();
        for index in left.iter() {
            let finding = &self.before.findings[*index];
            same_rule.entry((finding.rule.id, finding.severity)).or_default().push(*index);
        }
        rest.retain(|finding| {
            let known = same_rule.get_mut(&(finding.rule.id, finding.severity)).and_then(Vec::pop);
            known.map(|index| left.remove(&index)).is_none()
        });
        rest
    }
}

/// Statements and container definitions by place.
struct Units(Vec<Span>);

impl Units {
    fn of(report: &Report) -> Units {
        let units = report.documents.iter().flat_map(|document| &document.units);
        let mut spans: Vec<Span> = units.map(|placed| placed.span()).collect();
        spans.sort();
        Units(spans)
    }

    fn around(&self, offset: u32) -> Option<usize> {
        let index = self.0.partition_point(|span| span.start <= offset).checked_sub(1)?;
        self.0[index].touches(offset).then_some(index)
    }
}

/// Where places are after edits.
struct Moved {
    /// In the order of the text: the range replaced, and where its replacement stands.
    edits: Vec<(Span, Span)>,
}

impl Moved {
    /// The edits are in order, and do not collide.
    fn by(edits: &[TextEdit]) -> Moved {
        let mut by = 0i64;
        let edits = edits
            .iter()
            .map(|edit| {
                let start = (i64::from(edit.span.start) + by) as u32;
                by += edit.text.len() as i64 - i64::from(edit.span.len());
                (edit.span, Span::new(start, start + edit.text.len() as u32))
            })
            .collect();
        Moved { edits }
    }

    /// Of the first byte of something: what is inserted there comes before it.
    fn start(&self, offset: u32) -> u32 {
        let before = self.edits.partition_point(|(old, _)| old.end <= offset);
        match self.edits.get(before) {
            Some((old, new)) if old.start <= offset => new.start,
            _ => self.behind(before, offset),
        }
    }

    /// Of the end of something: what is inserted there comes behind it.
    fn end(&self, offset: u32) -> u32 {
        let before = self.edits.partition_point(|(old, _)| old.start < offset);
        match before.checked_sub(1).map(|index| self.edits[index]) {
            Some((old, new)) if old.end > offset => new.end,
            _ => self.behind(before, offset),
        }
    }

    fn span(&self, span: Span) -> Span {
        let start = self.start(span.start);
        if span.is_empty() {
            Span::new(start, start)
        } else {
            Span::new(start, self.end(span.end).max(start))
        }
    }

    /// A place behind that many edits.
    fn behind(&self, edits: usize, offset: u32) -> u32 {
        match edits.checked_sub(1).map(|index| self.edits[index]) {
            Some((old, new)) => offset - old.end + new.end,
            None => offset,
        }
    }
}

/// Whether an edit leaves the structure as it is.
fn is_wording(edit: &Edit) -> bool {
    match edit {
        Edit::ReplaceText { .. } => true,
        Edit::ReplaceValue { value, .. } => !value.is_object() && !value.is_array(),
        _ => false,
    }
}

/// Whether it gives a member another name.
fn is_name(edit: &Edit, text: &str) -> bool {
    let Edit::ReplaceText { span, .. } = edit else { return matches!(edit, Edit::RenameField { .. }) };
    let rest = text.get(span.end as usize..).unwrap_or_default();
    let behind = ["\\\"", "\"", "'"].iter().find_map(|quote| rest.strip_prefix(quote));
    let sign = behind.unwrap_or(rest).trim_start();
    let ends = |rest: &str| behind.is_some() || rest.chars().next().is_none_or(char::is_whitespace);
    sign.starts_with('=') || sign.strip_prefix(':').is_some_and(ends)
}

/// Whether a place is in one of the spans, which are in order.
fn is_in(spans: &[Span], offset: u32) -> bool {
    let until = spans.partition_point(|span| span.start <= offset);
    spans[..until].iter().rev().take(4).any(|span| span.touches(offset))
}
