//! The arrows between the crates of the workspace: they point down only.

use crate::fault::Fault;
use crate::workspace::Package;

/// What a crate is in the house. A crate that is none of these has to be given a room here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Room {
    Fixtures,
    Model,
    Core,
    Provider,
    ScriptedServer,
    Sandbox,
    Testkit,
    Benchmarks,
    Cli,
    Tasks,
}

use Room::{
    Benchmarks, Cli, Core, Fixtures, Model, Provider, Sandbox, ScriptedServer, Tasks, Testkit,
};

/// The room of a crate, by its name: a new provider needs no row.
fn room(name: &str) -> Option<Room> {
    Some(match name {
        "ticket-fixtures" => Fixtures,
        "ticket-model" => Model,
        "ticket-core" => Core,
        "ticket-sandbox" => Sandbox,
        "scripted-server" => ScriptedServer,
        "ticket-testkit" => Testkit,
        "ticket-benchmarks" => Benchmarks,
        "ticket-cli" => Cli,
        "xtask" => Tasks,
        name if name.ends_with("-provider") => Provider,
        _ => return None,
    })
}

/// What a crate may depend on to be built, and what beyond that in its tests.
fn below(room: Room) -> (&'static [Room], &'static [Room]) {
    match room {
        Fixtures | Model | ScriptedServer => (&[], &[]),
        Core => (&[Model], &[]),
        Provider => (&[Core, Model], &[Fixtures, ScriptedServer, Sandbox, Testkit]),
        // Written from the documentation of the services, so that it cannot repeat a mistake of their clients.
        Sandbox => (&[ScriptedServer, Fixtures], &[]),
        // An author of a provider does not depend on our fake services.
        Testkit => (&[ScriptedServer, Core, Model], &[]),
        // It measures whatever there is, and nothing leans on it: the tasks run its programs.
        Benchmarks => (&[Provider, Sandbox, Core, Fixtures], &[]),
        Cli => (&[Provider, Sandbox, Core, Model], &[Fixtures]),
        Tasks => (&[Provider, Sandbox, Core, Model, Fixtures], &[]),
    }
}

/// The arrows that should not be there.
pub(super) fn faults(packages: &[Package]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for package in packages {
        let Some(room) = room(&package.name) else {
            faults.push(Fault::new(
                &package.name,
                "this crate has no place among the layers",
                "name it in xtask/src/layers/arrows.rs, and write in docs/architecture.md what it is for",
            ));
            continue;
        };
        let (built_on, tested_with) = below(room);
        for dependency in package.siblings() {
            let (name, is_for_tests) = (&dependency.name, dependency.is_for_tests());
            let is_allowed = self::room(name).is_some_and(|room| {
                built_on.contains(&room) || is_for_tests && tested_with.contains(&room)
            });
            if !is_allowed {
                let how = if is_for_tests { "is tested with" } else { "depends on" };
                faults.push(Fault::new(
                    &package.name,
                    format!("it {how} {name}, which no arrow allows"),
                    format!(
                        "take {name} out of its Cargo.toml; what both need belongs into a crate below them"
                    ),
                ));
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::faults;
    use crate::workspace::{Dependency, Package};

    /// A made-up workspace: each crate with what it depends on, and what its tests depend on.
    fn wrong(crates: &[(&str, &[&str], &[&str])]) -> Vec<String> {
        let needs = |names: &[&str], kind: Option<&str>| {
            let mut needs = Vec::new();
            for name in names {
                let is_ours = crates.iter().any(|(ours, ..)| ours == name);
                needs.push(Dependency {
                    name: (*name).to_owned(),
                    kind: kind.map(str::to_owned),
                    path: is_ours.then(|| name.into()),
                    ..Dependency::default()
                });
            }
            needs
        };
        let packages: Vec<_> = crates
            .iter()
            .map(|(name, built_on, tested_with)| Package {
                name: (*name).to_owned(),
                dependencies: [needs(built_on, None), needs(tested_with, Some("dev"))].concat(),
                ..Package::default()
            })
            .collect();
        faults(&packages)
            .into_iter()
            .map(|fault| format!("{}: {}", fault.place, fault.what))
            .collect()
    }

    #[test]
    fn the_house_as_it_is_meant_has_no_fault() {
        let tests: &[&str] = &["ticket-fixtures", "ticket-sandbox", "ticket-testkit"];
        let house: &[(&str, &[&str], &[&str])] = &[
            ("ticket-fixtures", &[], &["serde_json"]),
            ("ticket-model", &["serde"], &[]),
            ("ticket-core", &["ticket-model", "url"], &[]),
            ("engagelab-provider", &["ticket-core", "ticket-model"], tests),
            ("feishu-provider", &["ticket-core", "ticket-model"], tests),
            ("scripted-server", &["tokio"], &["reqwest"]),
            ("ticket-sandbox", &["scripted-server", "ticket-fixtures", "tokio"], &["reqwest"]),
            ("ticket-testkit", &["ticket-core", "scripted-server"], &[]),
            ("ticket-benchmarks", &["feishu-provider", "ticket-sandbox", "ticket-core"], &[]),
            (
                "ticket-cli",
                &["engagelab-provider", "ticket-sandbox", "ticket-core"],
                &["ticket-fixtures"],
            ),
            ("xtask", &["engagelab-provider", "ticket-core", "ticket-sandbox"], &[]),
        ];
        assert_eq!(wrong(house), [""; 0]);
    }

    #[test]
    fn an_arrow_that_points_up_or_sideways_is_a_fault() {
        for (from, to) in [
            ("engagelab-provider", "feishu-provider"),
            ("feishu-provider", "ticket-cli"),
            ("feishu-provider", "ticket-sandbox"),
            ("feishu-provider", "ticket-fixtures"),
            ("ticket-sandbox", "ticket-core"),
            ("ticket-sandbox", "ticket-model"),
            ("ticket-sandbox", "engagelab-provider"),
            ("ticket-core", "engagelab-provider"),
            ("ticket-core", "ticket-fixtures"),
            ("ticket-model", "ticket-core"),
            ("ticket-fixtures", "ticket-model"),
            ("scripted-server", "ticket-core"),
            ("scripted-server", "ticket-sandbox"),
            ("ticket-testkit", "ticket-cli"),
            ("ticket-testkit", "feishu-provider"),
            ("ticket-testkit", "ticket-sandbox"),
            ("ticket-cli", "ticket-testkit"),
            ("ticket-benchmarks", "ticket-cli"),
            ("xtask", "ticket-benchmarks"),
            ("ticket-cli", "xtask"),
            ("xtask", "ticket-cli"),
        ] {
            let expected = [format!("{from}: it depends on {to}, which no arrow allows")];
            assert_eq!(wrong(&[(from, &[to], &[]), (to, &[], &[])]), expected);
        }
    }

    #[test]
    fn tests_may_lean_on_more_but_not_on_everything() {
        for (from, to) in [
            ("feishu-provider", "engagelab-provider"),
            ("ticket-model", "ticket-fixtures"),
            ("ticket-core", "ticket-fixtures"),
            ("ticket-core", "ticket-sandbox"),
            ("ticket-core", "feishu-provider"),
            ("ticket-sandbox", "ticket-core"),
            ("ticket-fixtures", "ticket-core"),
        ] {
            let expected = [format!("{from}: it is tested with {to}, which no arrow allows")];
            assert_eq!(wrong(&[(from, &[], &[to]), (to, &[], &[])]), expected);
        }
    }

    #[test]
    fn a_crate_without_a_place_is_a_fault() {
        assert_eq!(
            wrong(&[("ticket-common", &[], &[])]),
            ["ticket-common: this crate has no place among the layers"]
        );
        assert_eq!(
            wrong(&[("ticket-cli", &["ticket-common"], &[]), ("ticket-common", &[], &[])]),
            [
                "ticket-cli: it depends on ticket-common, which no arrow allows",
                "ticket-common: this crate has no place among the layers"
            ]
        );
    }
}
