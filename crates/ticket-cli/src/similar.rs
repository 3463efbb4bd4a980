//! Finds the known word that a mistyped word probably means.

/// Returns the known word with the smallest edit distance, if it is close enough to be a typing error.
pub(crate) fn nearest<'w>(word: &str, known: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    let distances = known.into_iter().map(|known| (strsim::osa_distance(word, known), known));
    let is_near = |(distance, known): &(usize, &str)| {
        *distance <= slips(word) && *distance < known.chars().count()
    };
    distances.filter(is_near).min_by_key(|(distance, _)| *distance).map(|(_, known)| known)
}

/// Returns the largest edit distance that counts as a typing error in a word of this length.
pub(crate) fn slips(word: &str) -> usize {
    1 + word.chars().count() / 4
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_the_mistyped_word() {
        let known = ["get", "decode", "doctor", "drift", "sandbox"];
        for (word, expected) in [
            ("gte", Some("get")),
            ("gt", Some("get")),
            ("gett", Some("get")),
            ("dcotor", Some("doctor")),
            ("snadbox", Some("sandbox")),
            ("drfit", Some("drift")),
            ("list", None),
            ("x", None),
            ("", None),
            ("打印", None),
        ] {
            assert_eq!(nearest(word, known), expected, "{word}");
        }
    }
}
