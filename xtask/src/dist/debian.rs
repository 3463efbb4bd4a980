//! The Debian package.

use std::fs;
use std::path::Path;

use anyhow::Result;

use super::{COMPLETIONS, VERSION, copy, output, write_file};
use crate::cargo;

/// Returns the name of the architecture in Debian. Only static binaries are packed, which depend on no other package.
pub(super) fn architecture(target: &str) -> Option<&'static str> {
    match target {
        "x86_64-unknown-linux-musl" => Some("amd64"),
        "aarch64-unknown-linux-musl" => Some("arm64"),
        _ => None,
    }
}

/// Writes the package with the content of the archive.
///
/// # Errors
/// Fails if a file cannot be written, or `dpkg-deb` is missing.
pub(super) fn write(
    content: &Path,
    root: &Path,
    architecture: &str,
    to: &Path,
    time: &str,
) -> Result<()> {
    let documents = root.join("usr/share/doc/ticket-cli");
    copy(&content.join("ticket"), &root.join("usr/bin/ticket"))?;
    copy(&content.join("CHANGELOG.md"), &documents.join("changelog"))?;
    copy(&content.join("README.md"), &documents.join("README.md"))?;
    let licenses = ["LICENSE-MIT", "LICENSE-APACHE", "THIRD-PARTY.txt"]
        .map(|name| fs::read_to_string(content.join(name)));
    let licenses = licenses.into_iter().collect::<Result<Vec<_>, _>>()?.join("\n");
    write_file(&documents.join("copyright"), format!("ticket: MIT OR Apache-2.0\n\n{licenses}"))?;
    for (_, name, path) in COMPLETIONS {
        if let Some(path) = path {
            copy(&content.join("completions").join(name), &root.join(path))?;
        }
    }
    let mut packed = vec![documents.join("changelog")];
    for page in fs::read_dir(content.join("man"))? {
        let page = page?;
        let path = root.join("usr/share/man/man1").join(page.file_name());
        copy(&page.path(), &path)?;
        packed.push(path);
    }
    output(cargo::at_root("gzip").arg("-9n").args(packed))?;
    let maintainer = output(cargo::at_root("git").args(["log", "-1", "--format=%cn <%ce>"]))?;
    let size = output(cargo::at_root("du").args(["--summarize", "--block-size=1K"]).arg(root))?;
    let size = size.split_whitespace().next().unwrap_or_default();
    // In Debian, `~` sorts before the release, as `-` does in a version of cargo.
    let version = VERSION.replace('-', "~");
    let control = format!(
        "Package: ticket-cli\nVersion: {version}\nArchitecture: {architecture}\nMaintainer: {maintainer}\
         Installed-Size: {size}\nSection: utils\nPriority: optional\nDescription: one ticket model for every helpdesk\n \
         Reads tickets from EngageLab LiveDesk, Feishu/Lark Helpdesk and Request\n Tracker, and prints them in one format.\n"
    );
    write_file(&root.join("DEBIAN/control"), control)?;
    output(cargo::at_root("chmod").args(["-R", "u=rwX,go=rX"]).arg(root))?;
    let mut build = cargo::at_root("dpkg-deb");
    build.args(["--root-owner-group", "-Zxz", "--build"]).env("SOURCE_DATE_EPOCH", time);
    output(build.arg(root).arg(to.join(format!("ticket-cli_{version}_{architecture}.deb"))))?;
    Ok(())
}
