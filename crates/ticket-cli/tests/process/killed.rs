//! `ticket sync`, killed at many moments and started again.

use std::io::Read;
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::Value;

use crate::sync::Desk;

/// How many times a run is killed, unless this variable of the environment says otherwise.
const KILLS: u64 = 10;
const KILLS_VARIABLE: &str = "TICKET_TEST_KILLS";

/// When a process is killed, after the n-th request of a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Moment {
    /// Before the response is sent.
    Unanswered,
    /// While half of the response is sent.
    Stalled,
    /// After this thread has yielded a number of times: the process may do anything.
    Later(u64),
}

/// Counts the requests of one route, and reports the n-th one.
struct Watch {
    route: &'static str,
    left: u64,
    /// Whether the server waits until the process is killed.
    holds: bool,
    reached: Sender<Event>,
}

/// A process that was started.
pub(crate) struct Started {
    pub(crate) child: Child,
    pub(crate) events: Receiver<Event>,
}

/// What happens to a process.
pub(crate) enum Event {
    /// It sent its n-th request. If the server waits, it goes on when the sender is dropped.
    Reached(Option<Sender<()>>),
    /// It ended by itself, with this output.
    Ended(String),
}

/// A sandbox that reports a request.
pub(crate) struct WatchedDesk {
    pub(crate) desk: Desk,
    watch: Arc<Mutex<Option<Watch>>>,
}

impl WatchedDesk {
    pub(crate) fn with_tickets(count: usize) -> Self {
        let watch: Arc<Mutex<Option<Watch>>> = Arc::default();
        let observed = Arc::clone(&watch);
        let desk = Desk::new(|builder| {
            builder.tickets(count, 1).on_request(move |request| {
                let hold = {
                    let mut watch = observed.lock().unwrap();
                    let Some(current) = watch.as_mut().filter(|it| Some(it.route) == request.route)
                    else {
                        return;
                    };
                    current.left -= 1;
                    if current.left > 0 {
                        return;
                    }
                    let (resume, hold) = channel();
                    let resume = current.holds.then_some(resume);
                    // The test may have ended.
                    let _ = current.reached.send(Event::Reached(resume));
                    *watch = None;
                    hold
                };
                // Ends when the sender is dropped.
                let _ = hold.recv();
            })
        });
        Self { desk, watch }
    }

    /// Starts a command. `holds` says whether the server waits at the n-th request of a route until the event is dropped.
    pub(crate) fn start(
        &self,
        arguments: &[&str],
        route: &'static str,
        number: u64,
        holds: bool,
    ) -> Started {
        let (reached, events) = channel();
        let ended = reached.clone();
        *self.watch.lock().unwrap() = Some(Watch { route, left: number, holds, reached });
        let mut command = self.desk.command(arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut stdout = child.stdout.take().unwrap();
        thread::spawn(move || {
            let mut output = String::new();
            stdout.read_to_string(&mut output).unwrap();
            // The test may have ended.
            let _ = ended.send(Event::Ended(output));
        });
        Started { child, events }
    }

    /// Starts a run and kills it at a moment. Returns its output if it ended before.
    fn run_until(
        &self,
        arguments: &[&str],
        route: &'static str,
        number: u64,
        moment: Moment,
    ) -> Option<String> {
        if moment == Moment::Stalled {
            self.desk.inject(&format!("{route} {number}: stall"));
        }
        let mut started = self.start(arguments, route, number, moment == Moment::Unanswered);
        let output = match started.events.recv().unwrap() {
            Event::Reached(resume) => {
                if let Moment::Later(yields) = moment {
                    (0..yields).for_each(|_| thread::yield_now());
                }
                started.child.kill().unwrap();
                drop(resume);
                None
            }
            Event::Ended(output) => Some(output),
        };
        started.child.wait().unwrap();
        *self.watch.lock().unwrap() = None;
        self.desk.server.sandbox.clear_faults();
        output
    }

    /// Kills a run at many moments and starts it again each time. Returns how many were killed, and the receipt of the last one.
    fn kill(&self, arguments: &[&str], route: &'static str, kills: u64, most: u64) -> (u64, Value) {
        let arguments = &[&["sync", "--output", "json"], arguments].concat();
        let mut random = 7_u64;
        let mut next = |end: u64| {
            random = random
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (random >> 33) % end
        };
        let mut killed = 0;
        let mut output = None;
        while killed < kills && output.is_none() {
            let moment = match killed % 3 {
                0 => Moment::Later(next(400)),
                1 => Moment::Unanswered,
                _ => Moment::Stalled,
            };
            output = self.run_until(arguments, route, 1 + next(most), moment);
            killed += u64::from(output.is_none());
        }
        let output = output.unwrap_or_else(|| self.desk.run(arguments).out);
        (killed, serde_json::from_str(&output).unwrap())
    }
}

/// What a mirror holds, apart from when it was read.
fn content(desk: &Desk) -> Vec<Vec<Value>> {
    [
        "SELECT id, version, json, missing_since, has_conversation FROM ticket ORDER BY id",
        "SELECT ticket.id AS ticket, message.position, body FROM message JOIN ticket ON key = ticket ORDER BY 1, 2",
        "SELECT count(*) AS tickets FROM text_index_docsize",
        "SELECT count(*) AS pages FROM raw WHERE operation = 'list_tickets'",
        "SELECT count(*) AS left FROM todo",
    ]
    .map(|query| desk.sql(query))
    .into()
}

#[test]
fn a_killed_run_loses_and_repeats_no_page() {
    let kills = std::env::var(KILLS_VARIABLE).map_or(KILLS, |number| number.parse().unwrap());
    // More than one window, and more pages than a run reads before it is killed.
    let tickets = 10_200.max(usize::try_from(kills).unwrap() * 600);
    let whole = Desk::with_tickets(tickets);
    let (code, receipt) = whole.sync(&["feishu"]);
    assert_eq!((code, &receipt["complete"]), (0, &Value::Bool(true)), "{receipt}");

    let watched = WatchedDesk::with_tickets(tickets);
    let (killed, receipt) = watched.kill(&["feishu"], "feishu.list", kills, 6);
    assert_eq!((killed, &receipt["complete"]), (kills, &Value::Bool(true)), "{receipt}");
    assert_eq!(receipt["unique"], tickets, "{receipt}");
    assert_eq!((&receipt["duplicates"], &receipt["run"]), (&0.into(), &1.into()), "{receipt}");
    assert!(content(&watched.desk) == content(&whole), "the mirrors differ");
    // A killed run has one call in progress; the next one also asks for what is new since then.
    let calls = [&whole, &watched.desk].map(|desk| desk.requests("feishu.list"));
    assert!(calls[1] <= calls[0] + 3 * kills, "{calls:?}");
    println!("{killed} kills, {tickets} tickets: {} list calls instead of {}", calls[1], calls[0]);
}

#[test]
fn a_killed_run_fetches_no_conversation_again_that_is_in_the_mirror() {
    let (tickets, kills) = (200, 6);
    let whole = Desk::with_tickets(tickets);
    let (code, receipt) = whole.sync(&["feishu", "--conversation"]);
    assert_eq!((code, &receipt["fetched"]), (0, &tickets.into()), "{receipt}");

    let watched = WatchedDesk::with_tickets(tickets);
    let (killed, receipt) =
        watched.kill(&["feishu", "--conversation"], "feishu.messages", kills, 40);
    // A slow machine kills late, so that there may be less to do.
    assert!(killed >= kills / 2, "{killed} kills");
    assert_eq!(receipt["complete"], true, "{receipt}");
    assert!(content(&watched.desk) == content(&whole), "the mirrors differ");
    // Four tickets at a time, eight times: one transaction.
    let calls = [&whole, &watched.desk].map(|desk| desk.requests("feishu.messages"));
    assert!(calls[1] <= calls[0] + 32 * kills, "{calls:?}");
}
