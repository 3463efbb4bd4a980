//! The targets: a row each, and a program of the same name in `xtask/fuzz/targets`.

/// Something that is fed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Target {
    /// What it and its program are called.
    pub(super) name: &'static str,
    /// What it is, for people.
    pub(super) about: &'static str,
    /// What it begins with.
    pub(super) seeds: Seeds,
    /// The longest input in bytes: whatever is to be found can be found in so many.
    pub(super) longest: usize,
    /// How a finding is kept; `FILE` stands for its path.
    pub(super) keep: &'static str,
}

/// What a target begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seeds {
    /// The fixtures of these providers, with their HTTP status in a line before them.
    Responses(&'static [&'static str]),
    /// Texts.
    Texts(&'static [&'static str]),
}

/// Every target.
pub(super) const TARGETS: &[Target] = &[
    Target {
        name: "engagelab",
        about: "responses of EngageLab LiveDesk",
        seeds: Seeds::Responses(&["engagelab"]),
        longest: 20_000,
        keep: "a fixture keeps it: tail -n +2 FILE > fixtures/engagelab/NAME.json, and a row in fixtures/README.md \
               with the status of its first line",
    },
    Target {
        name: "feishu",
        about: "responses of Feishu and Lark Helpdesk",
        seeds: Seeds::Responses(&["feishu"]),
        longest: 20_000,
        keep: "a fixture keeps it: tail -n +2 FILE > fixtures/feishu/NAME.json, and a row in fixtures/README.md with \
               the status of its first line",
    },
    Target {
        name: "telling",
        about: "what is told of responses: explain, drift, findings",
        seeds: Seeds::Responses(&["engagelab", "feishu"]),
        longest: 20_000,
        keep: "a fixture of the provider that reads it keeps it: tail -n +2 FILE > fixtures/PROVIDER/NAME.json, and a \
               row in fixtures/README.md",
    },
    Target {
        name: "limits",
        about: "headers that say how long to wait",
        seeds: Seeds::Texts(&[
            "429\n1\n0.5\n{\"code\":99991400}",
            "429\nWed, 21 Oct 2015 07:28:00 GMT\n60\n{\"code\":3004}",
            "503\n-1\n1e30\n",
            "400\nNaN\ninf\n{\"code\":99991400,\"msg\":\"limited\"}",
            "200\n300\n300.1\n{\"code\":0}",
        ]),
        longest: 1_000,
        keep: "a row of the table test in crates/ticket-core/src/retry_after.rs keeps it",
    },
    Target {
        name: "ticket_id",
        about: "ids of tickets, and the addresses below which they are put",
        seeds: Seeds::Texts(&[
            "6626871355780366331",
            "tk_20251104_789abc",
            "https://open.feishu.cn\n6626871355780366331",
            "http://127.0.0.1:8080/prefix/\nA-1.b:2",
            "http://[::1]:3000\n..",
            "https://desk.example/?x=1\n%2e%2e",
            "http://localhost\n.\t.",
        ]),
        longest: 300,
        keep: "a row of the table tests in crates/ticket-core/src/id.rs and request.rs keeps it",
    },
    Target {
        name: "clean",
        about: "text for the terminal",
        seeds: Seeds::Texts(&[
            "\u{1b}[2J\u{1b}]0;title\u{7}\u{9b}31m",
            "pay \u{202e}001\u{202c} now\u{200b}\u{feff}",
            "a\r\nb\tc\rd\u{2028}e",
            "👨\u{200d}👩\u{200d}👧 ❤\u{fe0f} e\u{301}",
            "\u{e0041}\u{fff9}\u{ad}\u{3164}",
        ]),
        longest: 2_000,
        keep: "a row of the table tests in crates/ticket-cli/src/view/clean.rs keeps it",
    },
    Target {
        name: "config",
        about: "the config file, with a value planted in it that must not be told",
        seeds: Seeds::Texts(&[
            "00[profiles.default.engagelab]\napi_key = \"a\"\napi_secret = \"b\"\n",
            "11[profiles.work.feishu]\napp_id = \"a\"\napp_secret = 'b'\nhelpdesk_id = \"\"\"c\"\"\"\n",
            "22[profiles.a.feishu.words.status]\n51 = \"resolved\"\n\"vip queue\" = \"open\"\n",
            "33[profiles.work]\nfeishu = { app_id = \"a\", words.channel = { 77 = \"share\" } }\n",
            "44profiles.a.engagelab.base_url = \"https://desk.example\"\n",
            "55[profiles.work.transport]\ncall_timeout = 20\nattempts = 3\nproxy = \"http://127.0.0.1:9\"\n",
        ]),
        longest: 2_000,
        keep: "a row of the table test in crates/ticket-cli/src/settings/file/text.rs keeps it",
    },
];

#[cfg(test)]
mod tests {
    use super::TARGETS;
    use crate::cargo;

    #[test]
    fn every_target_has_its_program_and_every_program_is_a_target() {
        let folder = cargo::root().join("xtask/fuzz/targets");
        let mut programs: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        programs.sort();
        let mut names: Vec<_> = TARGETS.iter().map(|it| format!("{}.rs", it.name)).collect();
        names.sort();
        assert_eq!(programs, names);
    }
}
