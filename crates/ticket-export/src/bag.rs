//! The files around the data: a `BagIt` bag (RFC 8493), and a Frictionless data package.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use ticket_mirror::{ColumnType, Table};

use crate::error::ExportError;
use crate::export::sync_folder;
use crate::files::FILES;
use crate::format::Format;
use crate::payload::Checksum;
use crate::receipt::ExportReceipt;

pub(crate) const DECLARATION: &str = "bagit.txt";
pub(crate) const MANIFEST: &str = "manifest-sha256.txt";
pub(crate) const TAG_MANIFEST: &str = "tagmanifest-sha256.txt";

/// Writes the receipt and the files around the data, and waits until all is on the disk. Returns the number of files with data, and their size.
pub(crate) fn finish(folder: &Path, receipt: &ExportReceipt) -> Result<(usize, u64), ExportError> {
    let text = serde_json::to_string_pretty(receipt).expect("a receipt is JSON");
    write(folder, "data/receipt.json", &text)?;
    let paths = files(folder)?;
    let mut payload = Vec::new();
    let mut bytes = 0;
    for path in paths {
        let known = receipt.files.iter().find(|file| file.path == path);
        let Checksum { bytes: size, sha256 } = match known.and_then(|file| file.checksum.clone()) {
            Some(sum) => sum,
            None => finished(&folder.join(&path))?,
        };
        bytes += size;
        payload.push((path, size, sha256));
    }
    let manifest = lines(payload.iter().map(|(path, _, sum)| (&**path, &**sum)));
    let package = package(receipt, &payload);
    let package = serde_json::to_string_pretty(&package).expect("a package is JSON");
    let info = format!(
        "Bag-Software-Agent: ticket {}\nBagging-Date: {}\nPayload-Oxum: {bytes}.{}\n",
        receipt.program,
        receipt.created_at.get(..10).unwrap_or_default(),
        payload.len()
    );
    let declaration = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";
    let tags = [
        ("bag-info.txt", &*info),
        (DECLARATION, declaration),
        ("datapackage.json", &*package),
        (MANIFEST, &*manifest),
    ];
    let mut sums = Vec::new();
    for (name, text) in tags {
        write(folder, name, text)?;
        sums.push((name, hexadecimal(&Sha256::digest(text.as_bytes()))));
    }
    write(folder, TAG_MANIFEST, &lines(sums.iter().map(|(name, sum)| (*name, &**sum))))?;
    sync_folder(&folder.join("data"))?;
    sync_folder(folder)?;
    Ok((payload.len(), bytes))
}

/// Waits until a file is on the disk, and returns its checksum.
fn finished(path: &Path) -> Result<Checksum, ExportError> {
    let finished = File::open(path).and_then(|file| {
        file.sync_all()?;
        Ok(Checksum { bytes: file.metadata()?.len(), sha256: checksum(path)? })
    });
    finished.map_err(ExportError::at(path))
}

fn write(folder: &Path, name: &str, text: &str) -> Result<(), ExportError> {
    let path = folder.join(name);
    let written = File::create(&path).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    written.map_err(ExportError::at(&path))
}

/// Returns the lines of a manifest.
fn lines<'a>(sums: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    sums.fold(String::new(), |mut text, (path, sum)| {
        let path = path.replace('%', "%25").replace('\n', "%0A").replace('\r', "%0D");
        writeln!(text, "{sum}  {path}").expect("a string grows");
        text
    })
}

/// Returns the paths of all files below `data`, sorted, with `/` between folders.
pub(crate) fn files(folder: &Path) -> Result<Vec<String>, ExportError> {
    let mut found = Vec::new();
    let mut folders = vec!["data".to_owned()];
    while let Some(name) = folders.pop() {
        let path = folder.join(&name);
        for entry in fs::read_dir(&path).map_err(ExportError::at(&path))? {
            let entry = entry.map_err(ExportError::at(&path))?;
            let name = format!("{name}/{}", entry.file_name().to_string_lossy());
            let kind = entry.file_type().map_err(ExportError::at(&path))?;
            if kind.is_dir() {
                folders.push(name);
            } else {
                found.push(name);
            }
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// Returns the SHA-256 of a file.
pub(crate) fn checksum(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut part = vec![0; 1 << 18];
    loop {
        match file.read(&mut part)? {
            0 => return Ok(hexadecimal(&hash.finalize())),
            read => hash.update(&part[..read]),
        }
    }
}

/// Returns bytes as two hexadecimal digits each.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string grows");
        text
    })
}

/// Describes the files as a Frictionless data package.
fn package(receipt: &ExportReceipt, payload: &[(String, u64, String)]) -> Value {
    // The pages and the files of tickets are no resources of their own.
    let attachments = format!("data/{FILES}/");
    let is_page = |path: &str| {
        path.starts_with(&attachments)
            || receipt.files.iter().any(|file| {
                path.strip_prefix(&*file.path).is_some_and(|rest| rest.starts_with('/'))
            })
    };
    let resources = payload.iter().filter(|(path, ..)| !is_page(path)).map(|(path, bytes, sum)| {
        let file = receipt.files.iter().find(|file| file.path == *path);
        let (stem, end) = path.trim_start_matches("data/").rsplit_once('.').unwrap_or((path, ""));
        let is_csv = file.is_some_and(|file| file.format == Format::Csv);
        let name = if is_csv { stem.to_owned() } else { format!("{stem}-{end}") };
        let mut resource = json!({
            "name": name.to_lowercase(), "path": path, "format": end, "bytes": bytes, "hash": format!("sha256:{sum}"),
        });
        if let Some(file) = file.filter(|_| is_csv) {
            resource["profile"] = "tabular-data-resource".into();
            resource["mediatype"] = "text/csv".into();
            resource["encoding"] = "utf-8".into();
            resource["schema"] = schema(file);
        }
        resource
    });
    let created = &receipt.created_at;
    json!({
        "name": "tickets", "profile": "data-package", "created": created, "resources": resources.collect::<Vec<_>>(),
    })
}

fn schema(file: &crate::receipt::FileRows) -> Value {
    let fields = file.columns.iter().map(|column| {
        let (kind, format) = match column.kind {
            ColumnType::Text => ("string", None),
            ColumnType::Integer | ColumnType::Seconds => ("integer", None),
            ColumnType::Number => ("number", None),
            ColumnType::Boolean => ("boolean", None),
            ColumnType::Time => ("datetime", Some("%Y-%m-%dT%H:%M:%S.%fZ")),
        };
        let mut field = json!({ "name": column.name, "type": kind });
        if let Some(format) = format {
            field["format"] = format.into();
        }
        field
    });
    let table = Table::ALL.into_iter().find(|table| table.name == file.table);
    json!({
        "fields": fields.collect::<Vec<_>>(), "missingValues": [""], "primaryKey": table.map(|table| table.key),
    })
}
