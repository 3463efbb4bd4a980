//! Collects the raw text of values by their pointers, in one pass.

use std::collections::HashMap;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::raw::Raw;
use super::scan::push_step;
use super::wire_struct::Key;

/// The wanted pointers, as a tree of steps.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    here: bool,
    below: HashMap<String, Wanted>,
}

impl Wanted {
    /// Adds a pointer.
    pub(super) fn insert(&mut self, pointer: &str) {
        let node = pointer.split('/').skip(1).fold(self, |node, step| {
            node.below.entry(step.replace("~1", "/").replace("~0", "~")).or_default()
        });
        node.here = true;
    }

    /// Returns the wanted values with their pointers, in the order of the text.
    pub(super) fn collect<'t>(
        &self,
        text: &'t str,
    ) -> Result<Vec<(String, Raw<'t>)>, serde_json::Error> {
        let mut found = Vec::new();
        // For most responses nothing is wanted: they are not parsed again.
        if !self.here && self.below.is_empty() {
            return Ok(found);
        }
        let mut pointer = String::new();
        let walk = Walk { wanted: self, pointer: &mut pointer, found: &mut found };
        walk.deserialize(&mut serde_json::Deserializer::from_str(text))?;
        Ok(found)
    }
}

struct Walk<'w, 't> {
    wanted: &'w Wanted,
    pointer: &'w mut String,
    found: &'w mut Vec<(String, Raw<'t>)>,
}

impl<'w, 't> Walk<'w, 't> {
    /// Returns the walk below this step, if something is wanted there.
    fn below<'s>(&'s mut self, step: &str) -> Option<Walk<'s, 't>>
    where
        'w: 's,
    {
        let wanted = self.wanted.below.get(step)?;
        push_step(self.pointer, step);
        Some(Walk { wanted, pointer: self.pointer, found: self.found })
    }
}

impl<'t> DeserializeSeed<'t> for Walk<'_, 't> {
    type Value = ();

    fn deserialize<D: Deserializer<'t>>(self, deserializer: D) -> Result<(), D::Error> {
        if self.wanted.here {
            let raw = <Raw as serde::Deserialize>::deserialize(deserializer)?;
            self.found.push((self.pointer.clone(), raw));
            Ok(())
        } else {
            deserializer.deserialize_any(self)
        }
    }
}

impl<'t> Visitor<'t> for Walk<'_, 't> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object or a list")
    }

    fn visit_map<A: MapAccess<'t>>(mut self, mut object: A) -> Result<(), A::Error> {
        let length = self.pointer.len();
        while let Some(key) = object.next_key::<Key<'t>>()? {
            match self.below(key.as_str()) {
                Some(walk) => object.next_value_seed(walk)?,
                None => {
                    object.next_value::<IgnoredAny>()?;
                }
            }
            self.pointer.truncate(length);
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'t>>(mut self, mut list: A) -> Result<(), A::Error> {
        let length = self.pointer.len();
        for index in 0_usize.. {
            let more = match self.below(&index.to_string()) {
                Some(walk) => list.next_element_seed(walk)?.is_some(),
                None => list.next_element::<IgnoredAny>()?.is_some(),
            };
            self.pointer.truncate(length);
            if !more {
                break;
            }
        }
        Ok(())
    }
}
