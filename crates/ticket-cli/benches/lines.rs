//! `ticket decode --lines`, compared with a loop in this process that decodes and serializes the same responses:
//! `cargo bench -p ticket-cli --bench lines -- 100000`.
//!
//! The loop has its responses in memory and throws its tickets away; the command reads a file and writes to `/dev/null`.
//! The programs alternate, and the ratios are those of neighbours, because a busy machine changes its speed.

use std::fs::File;
use std::hint::black_box;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use feishu_provider::Feishu;
use ticket_core::{Bytes, Decoder, Response, VocabularyOverrides};

/// How often each program runs.
const RUNS: usize = 7;

fn main() {
    let count = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(100_000);
    let case = ticket_fixtures::case("feishu", "documented").expect("the example is a fixture");
    // The line breaks of JSON are outside its texts.
    let line: Bytes = case.body.iter().copied().filter(|byte| !b"\r\n".contains(byte)).collect();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("responses.ndjson");
    write(&file, &line, count);

    let mut ratios: [Vec<f64>; 2] = Default::default();
    let mut times: [Vec<f64>; 3] = Default::default();
    // The first run fills the cache of the file system.
    command(&file, count, 1);
    for _ in 0..RUNS {
        let bare = seconds(|| bare(&line, count));
        let one = seconds(|| command(&file, count, 1));
        let two = seconds(|| command(&file, count, 2));
        for (times, time) in times.iter_mut().zip([bare, one, two]) {
            times.push(time * 1e6 / f64::from(count));
        }
        ratios[0].push(one / bare);
        ratios[1].push(one / two);
    }
    println!("{count} lines of {} bytes, time per line, median of {RUNS} runs", line.len());
    let [bare, one, two] = times.map(median);
    let [overhead, gain] = ratios.map(median);
    println!("loop of decoding and serializing  {bare:6.2} µs");
    println!("ticket decode --lines --jobs 1    {one:6.2} µs  {overhead:.2} times the loop");
    println!(
        "ticket decode --lines --jobs 2    {two:6.2} µs  {gain:.2} times as fast as with one job"
    );
}

fn write(file: &Path, line: &[u8], count: u32) {
    let mut file = BufWriter::new(File::create(file).expect("a file"));
    for _ in 0..count {
        file.write_all(line).and_then(|()| file.write_all(b"\n")).expect("a file");
    }
    file.flush().expect("a file");
}

/// Decodes and serializes responses, each from bytes of its own.
fn bare(line: &[u8], count: u32) {
    let overrides = VocabularyOverrides::default();
    let mut out = Vec::new();
    for _ in 0..count {
        let body = Bytes::copy_from_slice(black_box(line));
        let response = Response::saved(Feishu.ticket_operation(), body);
        let decoded = Feishu.decode(std::slice::from_ref(&response), &overrides);
        out.clear();
        serde_json::to_writer(&mut out, &decoded.expect("the response is valid").ticket)
            .expect("a ticket is JSON");
        black_box(&out);
    }
}

/// Runs the command and checks its summary.
fn command(file: &Path, count: u32, jobs: u32) {
    let output = Command::new(env!("CARGO_BIN_EXE_ticket"))
        .args(["decode", "feishu", "--lines", "--jobs", &jobs.to_string()])
        .arg(file)
        .stdout(Stdio::null())
        .output()
        .expect("the command runs");
    let summary = String::from_utf8(output.stderr).expect("the summary is text");
    assert!(summary.contains(&format!("\"tickets\":{count},")), "{summary}");
}

fn seconds(program: impl FnOnce()) -> f64 {
    let start = Instant::now();
    program();
    start.elapsed().as_secs_f64()
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}
