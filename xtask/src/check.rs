//! Everything that CI asks, one step after the other, and at the end what failed and what mends it.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::tasks::{Step, TASKS, Task};

/// The step that somebody else may have run just before.
const TEST: &str = "test";

/// Runs every step, `test` only where it is not `tested`; the first that fails is the last that runs.
pub(crate) fn run(tested: bool) -> Result<()> {
    let steps: Vec<_> = TASKS
        .iter()
        .filter(|task| !(tested && task.name == TEST))
        .filter_map(|task| task.step.as_ref().map(|step| (task, step)))
        .collect();
    let mut done = Vec::new();
    for (number, (task, step)) in steps.iter().enumerate() {
        println!("\n== {} of {}: {}: {}", number + 1, steps.len(), task.name, task.about);
        let start = Instant::now();
        let outcome = (task.run)(step.options);
        done.push((task.name, start.elapsed()));
        if let Err(error) = outcome {
            bail!("{}", verdict(task, step, &error, steps.len() - number - 1));
        }
    }
    println!("\n{}", summary(&done));
    Ok(())
}

/// What to say of the step that failed.
fn verdict(task: &Task, step: &Step, error: &anyhow::Error, left: usize) -> String {
    let again = [&["cargo", "xtask", task.name], step.options].concat().join(" ");
    format!(
        "the step `{}` failed, {left} more were not tried\n  what: {error:#}\n  mend: {}\n  then: {again}",
        task.name, step.mend
    )
}

fn summary(done: &[(&str, Duration)]) -> String {
    let times: Vec<_> =
        done.iter().map(|(name, time)| format!("{name} {} s", time.as_secs())).collect();
    let total: Duration = done.iter().map(|(_, time)| *time).sum();
    format!("all {} steps passed in {} s: {}", done.len(), total.as_secs(), times.join(", "))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{summary, verdict};
    use crate::tasks::{Step, Task};

    #[test]
    fn a_step_that_failed_is_named_with_what_mends_it_and_how_to_try_again() {
        let task = Task {
            name: "sweep",
            options: &["--check"],
            about: "sweeps",
            run: |_| Ok(()),
            step: None,
        };
        let step = Step { options: &["--check"], mend: "cargo xtask sweep" };
        assert_eq!(
            verdict(&task, &step, &anyhow::anyhow!("dust"), 2),
            "the step `sweep` failed, 2 more were not tried\n  what: dust\n  mend: cargo xtask sweep\n  then: cargo \
             xtask sweep --check"
        );
    }

    #[test]
    fn the_summary_adds_up() {
        let done = [("one", Duration::from_secs(3)), ("two", Duration::from_secs(4))];
        assert_eq!(summary(&done), "all 2 steps passed in 7 s: one 3 s, two 4 s");
    }
}
