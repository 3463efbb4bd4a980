//! The same ways of reading for whoever is at work on one of them: `cargo bench -p ticket-benchmarks`.

use divan::Bencher;
use divan::counter::BytesCount;
use ticket_benchmarks::{Way, corpora};

fn main() {
    divan::main();
}

#[divan::bench(args = corpora().map(|corpus| corpus.name))]
fn limit(bencher: Bencher<'_, '_>, corpus: &str) {
    read(bencher, corpus, Way::Limit);
}

#[divan::bench(args = corpora().map(|corpus| corpus.name))]
fn plain(bencher: Bencher<'_, '_>, corpus: &str) {
    read(bencher, corpus, Way::Plain);
}

#[divan::bench(args = corpora().map(|corpus| corpus.name))]
fn value(bencher: Bencher<'_, '_>, corpus: &str) {
    read(bencher, corpus, Way::Value);
}

#[divan::bench(args = corpora().map(|corpus| corpus.name))]
fn ours(bencher: Bencher<'_, '_>, corpus: &str) {
    read(bencher, corpus, Way::Ours);
}

fn read(bencher: Bencher<'_, '_>, corpus: &str, way: Way) {
    let corpora = corpora();
    let corpus = corpora.iter().find(|one| one.name == corpus).expect("it is one of them");
    bencher.counter(BytesCount::new(corpus.body.len())).bench(|| way.read(corpus));
}
