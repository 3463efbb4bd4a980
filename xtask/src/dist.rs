//! Packs a release: an archive, a Debian package, release notes and checksums.

mod debian;
mod notes;
mod third_party;

use std::fs;
use std::path::{Path, absolute};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

use crate::cargo;
use third_party::Metadata;

/// All crates share one version, also this one.
const VERSION: &str = env!("CARGO_PKG_VERSION");
/// Static: the binary runs on every Linux of this architecture.
const DEFAULT_TARGET: &str = "x86_64-unknown-linux-musl";
const TEXTS: [(&str, &str); 4] = [
    ("LICENSE-APACHE", "LICENSE-APACHE"),
    ("LICENSE-MIT", "LICENSE-MIT"),
    ("crates/ticket-cli/README.md", "README.md"),
    ("docs/changelog.md", "CHANGELOG.md"),
];
/// Each shell, the name of its script in the archive, and the path in the Debian package.
const COMPLETIONS: [(&str, &str, Option<&str>); 4] = [
    ("bash", "ticket.bash", Some("usr/share/bash-completion/completions/ticket")),
    ("zsh", "_ticket", Some("usr/share/zsh/vendor-completions/_ticket")),
    ("fish", "ticket.fish", Some("usr/share/fish/vendor_completions.d/ticket.fish")),
    ("powershell", "ticket.ps1", None),
];

/// Builds the binary and writes what users download.
///
/// # Errors
/// Fails if the arguments are wrong, the target or a tool is not installed, the build fails, or a file cannot be written.
pub(crate) fn run(arguments: &[&str]) -> Result<()> {
    let (mut target, mut to) = (DEFAULT_TARGET, None);
    for option in arguments.chunks(2) {
        match option {
            ["--target", value] => target = value,
            ["--to", value] => to = Some(absolute(value)?),
            _ => bail!("expected `cargo xtask dist [--target TRIPLE] [--to FOLDER]`"),
        }
    }
    ensure!(
        target.contains("-linux-"),
        "`{target}` is not a Linux target; build it with `cargo build --release`"
    );
    let changelog = fs::read_to_string(cargo::root().join("docs/changelog.md"))?;
    let notes = notes::of_version(&changelog, VERSION)?;
    let compiler = c_compiler(target)?;
    let compiler: Vec<_> = compiler.iter().map(|(name, value)| (&**name, *value)).collect();
    let build = ["build", "--release", "--locked", "--package", "ticket-cli", "--target", target];
    cargo::run_with(&build, &compiler)?;

    let metadata = Metadata::read(target)?;
    let to = to.unwrap_or_else(|| metadata.target_directory.join("dist"));
    let stage = metadata.target_directory.join("dist-stage");
    if stage.exists() {
        fs::remove_dir_all(&stage)?;
    }
    let name = archive_name(VERSION, target);
    let content = stage.join(&name);
    let binary = metadata.target_directory.join(target).join("release/ticket");
    fill(&content, &binary)?;
    write_file(&content.join("THIRD-PARTY.txt"), metadata.third_party(target)?)?;
    write_file(&to.join("RELEASE-NOTES.md"), notes)?;
    copy(&content.join("THIRD-PARTY.txt"), &to.join("THIRD-PARTY.txt"))?;

    let time = output(cargo::at_root("git").args(["log", "-1", "--format=%ct"]))?;
    let time = time.trim();
    let archive = to.join(format!("{name}.tar.gz"));
    let mut tar = cargo::at_root("tar");
    tar.args(["--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--mode=u=rwX,go=rX"]);
    tar.args([
        "--mtime",
        &format!("@{time}"),
        "--use-compress-program=gzip -9n",
        "--create",
        "--file",
    ]);
    output(tar.arg(&archive).arg("--directory").arg(&stage).arg(&name))?;
    match debian::architecture(target) {
        Some(architecture) => debian::write(&content, &stage.join("deb"), architecture, &to, time)?,
        None => println!("no Debian package for {target}; only static binaries are packed"),
    }
    checksums(&to)?;
    println!("wrote {}", to.display());
    Ok(())
}

/// Returns the name of the archive without its ending; `cargo binstall` expects the same name.
fn archive_name(version: &str, target: &str) -> String {
    format!("ticket-{version}-{target}")
}

/// Checks that the target is installed. Returns the variable that sets its C compiler, unless it is set or the default is right.
fn c_compiler(target: &str) -> Result<Option<(String, &'static str)>> {
    let folder =
        output(cargo::at_root("rustc").args(["--print", "target-libdir", "--target", target]))?;
    ensure!(
        Path::new(folder.trim()).exists(),
        "the target {target} is not installed; run `rustup target add {target}`{}",
        if target.ends_with("musl") { ", and install musl-tools for the C parts" } else { "" }
    );
    let variable = format!("CC_{}", target.replace('-', "_"));
    if !target.ends_with("-musl") || std::env::var_os(&variable).is_some() {
        return Ok(None);
    }
    let is_native = target.starts_with(std::env::consts::ARCH);
    ensure!(is_native, "no C compiler for {target}; set {variable} to one");
    output(cargo::at_root("musl-gcc").arg("--version")).with_context(|| {
        format!("no C compiler for {target}; install musl-tools, or set {variable}")
    })?;
    Ok(Some((variable, "musl-gcc")))
}

/// Writes the content of the archive. The binary itself writes its completions and manual pages.
fn fill(content: &Path, binary: &Path) -> Result<()> {
    let run = |arguments: &[&str]| {
        output(Command::new(binary).args(arguments).stdin(Stdio::null()))
            .context("pack on a machine that can run the binary")
    };
    let version = run(&["--version"])?;
    ensure!(version.trim() == format!("ticket {VERSION}"), "the binary is `{}`", version.trim());
    for (shell, name, _) in COMPLETIONS {
        let script = run(&["completions", shell])?;
        write_file(&content.join("completions").join(name), script)?;
    }
    let pages = content.join("man");
    run(&["man", pages.to_str().context("the path of the target folder is not UTF-8")?])?;
    for (from, name) in TEXTS {
        copy(&cargo::root().join(from), &content.join(name))?;
    }
    copy(binary, &content.join("ticket"))
}

/// Writes the checksums of all archives and packages in the folder, also of other targets.
fn checksums(to: &Path) -> Result<()> {
    let mut names = Vec::new();
    for entry in fs::read_dir(to)? {
        let name = entry?.file_name().into_string().unwrap_or_default();
        if name.starts_with("ticket-") {
            names.push(name);
        }
    }
    names.sort_unstable();
    let sums = output(cargo::at_root("sha256sum").args(names).current_dir(to))?;
    print!("{sums}");
    write_file(&to.join("SHA256SUMS"), sums)
}

fn write_file(file: &Path, text: String) -> Result<()> {
    let folder = file.parent().context("a file is in a folder")?;
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(file, text))
        .with_context(|| format!("cannot write {}", file.display()))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    let folder = to.parent().context("a file is in a folder")?;
    fs::create_dir_all(folder)
        .and_then(|()| fs::copy(from, to))
        .with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))?;
    Ok(())
}

/// Runs a program and returns what it prints on stdout.
fn output(command: &mut Command) -> Result<String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().with_context(|| format!("cannot run {program}"))?;
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{program} failed ({}): {}", output.status, errors.trim());
    String::from_utf8(output.stdout).with_context(|| format!("{program} printed invalid UTF-8"))
}

#[cfg(test)]
mod tests {
    use super::{archive_name, c_compiler};

    #[test]
    fn binstall_finds_the_archive() {
        let manifest = include_str!("../../crates/ticket-cli/Cargo.toml");
        let name = archive_name("{ version }", "{ target }");
        assert!(manifest.contains(&format!("/v{{ version }}/{name}.tar.gz\"")), "{name}");
        assert!(manifest.contains(&format!("bin-dir = \"{name}/{{ bin }}\"")), "{name}");
    }

    #[test]
    fn refuses_a_target_that_is_not_installed() {
        // Tier 3: rustup has no standard library for it.
        let error = c_compiler("mips64-unknown-linux-muslabi64").unwrap_err().to_string();
        assert!(error.contains("run `rustup target add mips64"), "{error}");
    }
}
