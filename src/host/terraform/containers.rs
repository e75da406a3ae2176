//! Where the blocks, objects and lists of a text stand, to be written into.

use super::parse::span_of;
use crate::host::write::{Containers, FoundContainer, WrittenPart};
use crate::text::Span;
use hcl_edit::expr::{Expression, ObjectKey};
use hcl_edit::structure::{Body, Structure};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HclContainer {
    /// Between the braces of a block.
    Body,
    /// `{ … }`, `[ … ]`.
    Brackets,
}

/// `None` where the text is not HCL throughout.
pub(super) fn containers(text: &str) -> Option<Containers<HclContainer>> {
    let body = hcl_edit::parser::parse_body(text).ok()?;
    let mut finder = Finder { text, found: Vec::new() };
    finder.structures(&body);
    Some(Containers::new(finder.found))
}

struct Finder<'t> {
    text: &'t str,
    found: Vec<FoundContainer<HclContainer>>,
}

impl Finder<'_> {
    fn structures(&mut self, body: &Body) -> Vec<WrittenPart> {
        body.into_iter()
            .map(|structure| {
                let span = span_of(self.text, structure);
                match structure {
                    Structure::Attribute(attribute) => {
                        self.expression(&attribute.value);
                        let end = span_of(self.text, &attribute.value).end.max(span.end);
                        WrittenPart { name: Some(span.start), span: Span::new(span.start, end) }
                    }
                    Structure::Block(block) => {
                        let parts = self.structures(&block.body);
                        let open = super::parse::braces(self.text, block);
                        self.found.push(FoundContainer {
                            kind: HclContainer::Body,
                            is_object: true,
                            span: open,
                            parts,
                        });
                        WrittenPart { name: Some(span.start), span }
                    }
                }
            })
            .collect()
    }

    fn expression(&mut self, expression: &Expression) {
        let span = span_of(self.text, expression);
        match expression {
            Expression::Array(array) => {
                let parts = array
                    .iter()
                    .map(|item| {
                        self.expression(item);
                        WrittenPart { name: None, span: span_of(self.text, item) }
                    })
                    .collect();
                self.found.push(FoundContainer {
                    kind: HclContainer::Brackets,
                    is_object: false,
                    span,
                    parts,
                });
            }
            Expression::Object(object) => {
                let parts = object
                    .iter()
                    .map(|(key, value)| {
                        self.expression(value.expr());
                        let key = match key {
                            ObjectKey::Ident(ident) => span_of(self.text, ident),
                            ObjectKey::Expression(expression) => span_of(self.text, expression),
                        };
                        let end = span_of(self.text, value.expr()).end;
                        WrittenPart { name: Some(key.start), span: Span::new(key.start, end.max(key.end)) }
                    })
                    .collect();
                self.found.push(FoundContainer {
                    kind: HclContainer::Brackets,
                    is_object: true,
                    span,
                    parts,
                });
            }
            Expression::Parenthesis(inner) => self.expression(inner.inner()),
            Expression::FuncCall(call) => call.args.iter().for_each(|argument| self.expression(argument)),
            Expression::Conditional(conditional) => {
                self.expression(&conditional.true_expr);
                self.expression(&conditional.false_expr);
            }
            Expression::ForExpr(each) => self.expression(&each.value_expr),
            _ => {}
        }
    }
}
