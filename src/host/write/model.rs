//! The documents of a file, looked into for one edit after another: what is found is kept in order, so that no
//! edit walks through a document.

use super::places::Places;
use crate::host::document::InsideSyntax;
use crate::host::value::{Array, Member, StringValue, Value};
use crate::host::{Document, Edit, json};
use crate::text::{Span, TextEdit};
use std::cell::OnceCell;

/// The documents of a file by place.
pub(in crate::host) struct Models<'d> {
    places: Places,
    models: Vec<Model<'d>>,
}

impl<'d> Models<'d> {
    pub fn new(documents: &'d [Document]) -> Models<'d> {
        let places = Places::new(documents.iter().map(|document| document.span));
        let model = |document| Model {
            document,
            entries: OnceCell::new(),
            units: OnceCell::new(),
            writer: OnceCell::new(),
        };
        Models { places, models: documents.iter().map(model).collect() }
    }

    /// The innermost document around a place: what a role attaches may lie on both sides of its trust policy.
    pub fn around(&self, place: Span) -> Option<&Model<'d>> {
        let around = self.places.around(place).into_iter().map(|number| &self.models[number as usize]);
        around.min_by_key(|model| model.document.span.len())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::host) enum Part {
    /// The member whose name stands at that offset.
    Member(u32),
    /// The item of that index, of so many.
    Item(usize, usize),
}

/// The values of a document with the places they have in the file.
pub(in crate::host) struct Model<'d> {
    pub document: &'d Document,
    entries: OnceCell<Entries<'d>>,
    units: OnceCell<Places>,
    writer: OnceCell<json::JsonWriter<'d>>,
}

struct Entries<'d> {
    /// The outer ones before the inner ones.
    list: Vec<Entry<'d>>,
    places: Places,
    /// The members of objects by name: an object's number, a name, the number of the member.
    names: OnceCell<Vec<(u32, &'d str, u32)>>,
}

struct Entry<'d> {
    /// In the file.
    place: Span,
    /// The statement or container definition it is of.
    unit: Option<u32>,
    what: What<'d>,
}

#[derive(Clone, Copy)]
enum What<'d> {
    /// An item also has the number of its array, and its index.
    Value {
        value: &'d Value,
        item: Option<(u32, u32)>,
    },
    /// Of the object with that number.
    Member {
        member: &'d Member,
        object: u32,
    },
    Name {
        member: &'d Member,
        object: u32,
    },
}

impl<'d> Entries<'d> {
    fn of(document: &'d Document) -> Entries<'d> {
        let mut list = Vec::new();
        walk(&document.head, Home { base: 0, unit: None }, None, &mut list);
        for (index, placed) in document.units.iter().enumerate() {
            let home = Home { base: placed.base, unit: Some(index as u32) };
            walk(&placed.unit.value, home, None, &mut list);
        }
        let places = Places::new(list.iter().map(|entry| entry.place));
        Entries { list, places, names: OnceCell::new() }
    }

    fn get(&self, number: u32) -> &Entry<'d> {
        &self.list[number as usize]
    }

    /// The members of that name in an object.
    fn named<'e>(&'e self, object: u32, name: &'e str) -> impl Iterator<Item = &'e Entry<'d>> {
        let names = self.names.get_or_init(|| {
            let members = (0..).zip(&self.list).filter_map(|(number, entry)| match entry.what {
                What::Member { member, object } => Some((object, &*member.name.text, number)),
                _ => None,
            });
            let mut names: Vec<_> = members.collect();
            names.sort_unstable();
            names
        });
        let from = names.partition_point(|(of, it, _)| (*of, *it) < (object, name));
        let same = names[from..].iter().take_while(move |(of, it, _)| (*of, *it) == (object, name));
        same.map(|(.., number)| self.get(*number))
    }
}

#[derive(Clone, Copy)]
struct Home {
    base: u32,
    unit: Option<u32>,
}

fn walk<'d>(value: &'d Value, home: Home, item: Option<(u32, u32)>, list: &mut Vec<Entry<'d>>) {
    let number = list.len() as u32;
    let entry = |span: Span, what| Entry { place: span.shifted(home.base), unit: home.unit, what };
    list.push(entry(value.span(), What::Value { value, item }));
    match value {
        Value::Object(object) => {
            for member in &object.members {
                list.push(entry(member.span(), What::Member { member, object: number }));
                list.push(entry(member.name.span, What::Name { member, object: number }));
            }
            object.members.iter().for_each(|member| walk(&member.value, home, None, list));
        }
        Value::Array(array) => {
            for (index, item) in array.items.iter().enumerate() {
                walk(item, home, Some((number, index as u32)), list);
            }
        }
        _ => {}
    }
}

impl<'d> Model<'d> {
    fn entries(&self) -> &Entries<'d> {
        self.entries.get_or_init(|| Entries::of(self.document))
    }

    fn base(&self, entry: &Entry<'_>) -> u32 {
        entry.unit.map_or(0, |unit| self.document.units[unit as usize].base)
    }

    /// Whether the statement or container of an entry, if it is of one, lies around a place.
    fn is_near(&self, entry: &Entry<'_>, place: Span) -> bool {
        entry.unit.is_none_or(|unit| self.document.units[unit as usize].span().covers(place))
    }

    /// All that lies around a place, the outer ones first. What is put together from several places need not lie
    /// around its parts.
    fn around(&self, place: Span) -> impl Iterator<Item = &Entry<'d>> {
        let entries = self.entries();
        let around = entries.places.around(place).into_iter().map(|number| entries.get(number));
        around.filter(move |entry| self.is_near(entry, place))
    }

    /// The objects that stand at that very place: their numbers.
    fn objects(&self, place: Span) -> impl Iterator<Item = u32> {
        let entries = self.entries();
        entries.places.at(place).filter(move |number| {
            let entry = entries.get(*number);
            matches!(entry.what, What::Value { value: Value::Object(_), .. }) && self.is_near(entry, place)
        })
    }

    /// The smallest string around a place, names included.
    pub fn string(&self, place: Span) -> Option<StringValue> {
        let mut found: Option<(&StringValue, Span)> = None;
        for entry in self.around(place) {
            let string = match entry.what {
                What::Value { value: Value::String(string), .. } => string,
                What::Name { member, object } if self.entries().get(object).place.covers(place) => {
                    &member.name
                }
                _ => continue,
            };
            if found.is_none_or(|(_, known)| known.len() > entry.place.len()) {
                found = Some((string, entry.place));
            }
        }
        found.map(|(string, span)| string.clone().with_span(span))
    }

    /// Whether the name at a place would be that of another member of its object.
    pub fn has_sibling(&self, name: Span, new: &str) -> bool {
        let entries = self.entries();
        self.around(name).any(|entry| match entry.what {
            What::Name { member, object } => {
                member.name.content_span().shifted(self.base(entry)) == name
                    && entries.get(object).place.covers(name)
                    && entries.named(object, new).next().is_some()
            }
            _ => false,
        })
    }

    pub fn is_object(&self, place: Span) -> bool {
        self.objects(place).next().is_some()
    }

    /// Whether the object at a place has a member of that name, but for those that go, which are in order.
    pub fn has_member(&self, object: Span, name: &str, but: &[Part]) -> bool {
        self.objects(object).any(|number| {
            self.entries().named(number, name).any(|entry| {
                let What::Member { member, .. } = entry.what else { return false };
                let start = member.name.span.shifted(self.base(entry)).start;
                // What only stands for something that is not written may come.
                (member.name.is_written() || start != object.start)
                    && but.binary_search(&Part::Member(start)).is_err()
            })
        })
    }

    /// The innermost member around a place: its object, and its name.
    pub fn member(&self, place: Span) -> Option<(Span, Span)> {
        let mut found: Option<(u32, Span)> = None;
        for entry in self.around(place) {
            if let What::Member { member, object } = entry.what
                && self.entries().get(object).place.covers(place)
                && found.is_none_or(|(known, _)| known < object)
            {
                found = Some((object, member.name.span.shifted(self.base(entry))));
            }
        }
        found.map(|(object, name)| (self.entries().get(object).place, name))
    }

    /// The array that has an item at a place: where it stands, the item's index, and how many there are.
    pub fn item(&self, place: Span) -> Option<(Span, usize, usize)> {
        let entries = self.entries();
        let mut found: Option<(u32, u32)> = None;
        for number in entries.places.at(place) {
            if let What::Value { item: Some((array, index)), .. } = entries.get(number).what
                && entries.get(array).place.covers(place)
                && self.is_near(entries.get(array), place)
                && found.is_none_or(|(known, _)| known < array)
            {
                found = Some((array, index));
            }
        }
        let Some((array, index)) = found else {
            let units = self.document.units_span?;
            return Some((units, self.unit(place)?, self.document.units.len()));
        };
        let array = entries.get(array);
        let What::Value { value: Value::Array(Array { items, .. }), .. } = array.what else { return None };
        Some((array.place, index as usize, items.len()))
    }

    /// The index of the statement or container definition that stands at that very place.
    pub fn unit(&self, place: Span) -> Option<usize> {
        let places = self.units.get_or_init(|| Places::new(self.document.units.iter().map(|it| it.span())));
        places.at(place).next().map(|number| number as usize)
    }

    /// The statements or container definitions in which something stands at that very place.
    pub fn units_with(&self, place: Span) -> impl Iterator<Item = usize> {
        let entries = self.entries();
        entries.places.at(place).filter_map(|number| entries.get(number).unit).map(|unit| unit as usize)
    }

    /// The members of statements, or of container definitions, around a place.
    pub fn members_of_units(&self, place: Span) -> impl Iterator<Item = &'d Member> {
        let entries = self.entries();
        entries.places.around(place).into_iter().filter_map(|number| {
            let What::Member { member, object } = entries.get(number).what else { return None };
            let object = entries.get(object);
            let What::Value { value, .. } = object.what else { return None };
            let unit = &self.document.units[object.unit? as usize].unit;
            std::ptr::eq(value, &unit.value).then_some(member)
        })
    }

    /// The text edits that make `edits` in the document's string; places are those of its text.
    pub fn text_edits_inside(&self, edits: &[Edit]) -> Option<Vec<TextEdit>> {
        let inside = self.document.inside.as_deref()?;
        match &inside.syntax {
            InsideSyntax::Json(tree) => {
                self.writer.get_or_init(|| json::JsonWriter::new(tree, &inside.text)).text_edits(edits)
            }
            InsideSyntax::Other(writer) => writer.text_edits(&inside.text, edits),
        }
    }
}
