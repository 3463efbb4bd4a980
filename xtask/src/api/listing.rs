//! What a library offers, a line for each item, from the compiler's description of it.

use std::path::Path;

use anyhow::{Context, Result};
use public_api::{Builder, Error};

/// Traits that the compiler gives by itself, and that no caller asks for by name; some are there in some versions of Rust only.
const UNSAID: [&str; 6] = [
    "core::marker::Freeze",
    "core::marker::StructuralPartialEq",
    "core::marker::Unpin",
    "core::marker::UnsafeUnpin",
    "core::panic::unwind_safe::RefUnwindSafe",
    "core::panic::unwind_safe::UnwindSafe",
];

/// An item as it is told, and the item that it belongs to.
#[derive(Debug, Clone)]
struct Item {
    id: u32,
    parent: Option<u32>,
    text: String,
}

/// Lists what the library offers.
///
/// # Errors
/// Where the description cannot be read: each version of Rust may describe in another way.
pub(super) fn of(name: &str, described: &Path) -> Result<String> {
    let api = Builder::from_rustdoc_json(described).omit_blanket_impls(true).build().with_context(
        || {
            format!(
                "what this version of Rust says of {name} cannot be read; Rust 1.93 to 1.97 can be"
            )
        },
    )?;
    let items: Vec<_> = api
        .items()
        .map(|item| Item {
            id: item.id().0,
            parent: item.parent_id().map(|parent| parent.0),
            text: item.to_string(),
        })
        .collect();
    Ok(format!(
        "# What {name} offers with all of its features. `cargo xtask api` writes this list.\n\n{}",
        lines(&items)
    ))
}

/// Whether this version of Rust describes libraries in a way that cannot be read.
pub(super) fn is_unreadable(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(Error::SerdeJsonError(_)))
}

/// A line for each item, but for a trait only that it is there, not which functions it has.
fn lines(items: &[Item]) -> String {
    let is_said_by_trait = |item: &Item| {
        let parent = items.iter().find(|other| Some(other.id) == item.parent);
        item.text.contains(" fn ")
            && parent.is_some_and(|parent| implemented(&parent.text).is_some())
    };
    let is_unsaid =
        |item: &Item| implemented(&item.text).is_some_and(|name| UNSAID.contains(&name));
    let said = items.iter().filter(|item| !is_unsaid(item) && !is_said_by_trait(item));
    said.flat_map(|item| [&*item.text, "\n"]).collect()
}

/// The trait, in `impl<…> TRAIT for TYPE`.
fn implemented(text: &str) -> Option<&str> {
    let before = text.strip_prefix("impl")?.split_once(" for ")?.0;
    before.rsplit(' ').next()
}

#[cfg(test)]
mod tests {
    use super::{Item, implemented, is_unreadable, lines, of};

    #[test]
    fn a_description_that_cannot_be_read_is_known_from_one_that_is_absent() {
        let folder = env!("CARGO_MANIFEST_DIR");
        for (file, expected) in [("Cargo.toml", true), ("nowhere.json", false)] {
            let error = of("desk", &std::path::Path::new(folder).join(file)).unwrap_err();
            assert_eq!(is_unreadable(&error), expected, "{error:#}");
        }
    }

    #[test]
    fn the_functions_of_a_trait_are_said_by_its_name_and_the_compilers_own_traits_are_not_said() {
        let items = [
            (1, None, "pub struct a::B"),
            (2, Some(1), "impl a::B"),
            (3, Some(2), "pub fn a::B::new() -> Self"),
            (4, Some(1), "impl core::iter::Iterator for a::B"),
            (5, Some(4), "pub fn a::B::next(&mut self) -> core::option::Option<Self::Item>"),
            (6, Some(4), "pub type a::B::Item = u8"),
            (7, Some(1), "impl core::marker::Freeze for a::B"),
            (8, Some(1), "impl core::marker::Send for a::B"),
        ];
        let items = items.map(|(id, parent, text)| Item { id, parent, text: text.to_owned() });
        assert_eq!(
            lines(&items).lines().collect::<Vec<_>>(),
            [
                "pub struct a::B",
                "impl a::B",
                "pub fn a::B::new() -> Self",
                "impl core::iter::Iterator for a::B",
                "pub type a::B::Item = u8",
                "impl core::marker::Send for a::B",
            ]
        );
    }

    #[test]
    fn the_trait_of_an_implementation_is_found_behind_its_generics() {
        for (text, name) in [
            ("impl core::marker::Send for a::B", Some("core::marker::Send")),
            (
                "impl<T> core::marker::Freeze for a::B<T> where T: a::C",
                Some("core::marker::Freeze"),
            ),
            ("impl !core::marker::Sync for a::B", Some("!core::marker::Sync")),
            (
                "impl<'de> serde_core::de::Deserialize<'de> for a::B",
                Some("serde_core::de::Deserialize<'de>"),
            ),
            ("impl a::B", None),
            ("pub fn a::wait for ever", None),
        ] {
            assert_eq!(implemented(text), name);
        }
    }
}
