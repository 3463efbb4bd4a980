//! Reads responses in several ways: so many times for whoever counts instructions, or with a clock.
//!
//! `bench-decode CORPUS WAY TIMES` reads and says nothing. `bench-decode` alone prints a line for each corpus and way:
//! `CORPUS WAY NANOSECONDS`.

use std::env;
use std::hint::black_box;
use std::time::Duration;

use ticket_benchmarks::{Corpus, Way, corpora, cpu_time};

/// How often each way has its turn. The least of its times counts: whatever else the machine does can only add to it.
const ROUNDS: usize = 300;
/// How long a turn takes at least, so that the clock is fine enough.
const TURN: Duration = Duration::from_millis(1);

fn main() {
    let words: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        [] => corpora().iter().for_each(times),
        [corpus, way, times] => {
            let corpora = corpora();
            let corpus = corpora.iter().find(|one| one.name == *corpus).expect("a corpus");
            let way = Way::ALL.into_iter().find(|one| one.name() == *way).expect("a way");
            // The allocator clears up what the making of the responses has left when something large is given back. That may not
            // happen sooner or later as the number of readings goes.
            drop(black_box(vec![0_u8; 100_000]));
            for _ in 0..times.parse::<usize>().expect("a number of times") {
                way.read(corpus);
            }
        }
        _ => panic!("bench-decode [CORPUS WAY TIMES]"),
    }
}

/// Prints how long each way takes; the ways take turns, so that they find the machine alike.
fn times(corpus: &Corpus) {
    let count = |way: Way| {
        let mut count = 1;
        while turn(way, corpus, count) < TURN {
            count *= 2;
        }
        count
    };
    let mut ways = Way::ALL.map(|way| (way, count(way), Duration::MAX));
    for _ in 0..ROUNDS {
        for (way, count, least) in &mut ways {
            *least = turn(*way, corpus, *count).min(*least);
        }
    }
    for (way, count, least) in ways {
        println!("{} {} {}", corpus.name, way.name(), least.as_nanos() / u128::from(count));
    }
}

fn turn(way: Way, corpus: &Corpus, count: u32) -> Duration {
    let start = cpu_time();
    for _ in 0..count {
        way.read(corpus);
    }
    cpu_time().saturating_sub(start)
}
