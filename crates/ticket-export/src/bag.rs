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
use crate::format::Format;
use crate::payload::{Checksum, Payload};
use crate::receipt::ExportReceipt;

pub(crate) const DECLARATION: &str = "bagit.txt";
pub(crate) const MANIFEST: &str = "manifest-sha256.txt";
pub(crate) const TAG_MANIFEST: &str = "tagmanifest-sha256.txt";

/// So many files are synchronized one by one; if there are more, the file system is, once.
const MAX_SYNCED: usize = 1_000;

/// A file with data that is described in the data package.
struct Resource {
    path: String,
    sum: Checksum,
}

/// Writes the receipt and the files around the data, and waits until all is on the disk. Returns the number of files with data, and their size.
pub(crate) fn finish(folder: &Path, receipt: &ExportReceipt) -> Result<(usize, u64), ExportError> {
    let text = serde_json::to_string_pretty(receipt).expect("a receipt is JSON");
    write(folder, "data/receipt.json", &text)?;
    let mut manifest = Payload::create(&folder.join(MANIFEST))?;
    let mut resources = Vec::new();
    let (mut files, mut bytes, mut synced) = (0, 0, 0);
    for_each_file(folder, "data", &mut |path| {
        let known = receipt.files.iter().find(|file| file.path == path);
        let sum = if let Some(sum) = known.and_then(|file| file.checksum.clone()) {
            sum
        } else {
            synced += 1;
            let is_synced = synced <= MAX_SYNCED || !CAN_SYNC_FILE_SYSTEM;
            finished(&folder.join(path), is_synced)?
        };
        let written = manifest.write_all(line(path, &sum.sha256).as_bytes());
        written.map_err(ExportError::at(&folder.join(MANIFEST)))?;
        files += 1;
        bytes += sum.bytes;
        if receipt.is_resource(path) {
            resources.push(Resource { path: path.to_owned(), sum });
        }
        Ok(())
    })?;
    let manifest = manifest.finish().map_err(ExportError::at(&folder.join(MANIFEST)))?;
    let package = package(receipt, &resources);
    let package = serde_json::to_string_pretty(&package).expect("a package is JSON");
    let info = format!(
        "Bag-Software-Agent: ticket {}\nBagging-Date: {}\nPayload-Oxum: {bytes}.{files}\n",
        receipt.program,
        receipt.created_at.get(..10).unwrap_or_default(),
    );
    let declaration = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";
    let mut tags = line(MANIFEST, &manifest.sha256);
    for (name, text) in
        [("bag-info.txt", &*info), (DECLARATION, declaration), ("datapackage.json", &*package)]
    {
        write(folder, name, text)?;
        tags += &line(name, &hexadecimal(&Sha256::digest(text.as_bytes())));
    }
    write(folder, TAG_MANIFEST, &tags)?;
    sync_folder(&folder.join("data"))?;
    sync_folder(folder)?;
    if synced > MAX_SYNCED {
        sync_file_system(folder)?;
    }
    Ok((files, bytes))
}

/// Returns the checksum of a file, and waits until it is on the disk if `is_synced`.
fn finished(path: &Path, is_synced: bool) -> Result<Checksum, ExportError> {
    let finished = File::open(path).and_then(|file| {
        if is_synced {
            file.sync_all()?;
        }
        Ok(Checksum { bytes: file.metadata()?.len(), sha256: checksum(path)? })
    });
    finished.map_err(ExportError::at(path))
}

const CAN_SYNC_FILE_SYSTEM: bool = cfg!(target_os = "linux");

/// Waits until everything in the file system of a folder is on the disk: a million files one by one would take minutes.
fn sync_file_system(folder: &Path) -> Result<(), ExportError> {
    #[cfg(target_os = "linux")]
    File::open(folder)
        .and_then(|file| rustix::fs::syncfs(&file).map_err(Into::into))
        .map_err(ExportError::at(folder))?;
    Ok(())
}

fn write(folder: &Path, name: &str, text: &str) -> Result<(), ExportError> {
    let path = folder.join(name);
    let written = File::create(&path).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    written.map_err(ExportError::at(&path))
}

/// Returns the line of a manifest.
fn line(path: &str, sum: &str) -> String {
    let path = path.replace('%', "%25").replace('\n', "%0A").replace('\r', "%0D");
    format!("{sum}  {path}\n")
}

/// Calls `each` with the path of each file below `name`, with `/` between folders, the names of each folder in their order.
pub(crate) fn for_each_file(
    folder: &Path,
    name: &str,
    each: &mut impl FnMut(&str) -> Result<(), ExportError>,
) -> Result<(), ExportError> {
    let path = folder.join(name);
    let mut names = Vec::new();
    for entry in fs::read_dir(&path).map_err(ExportError::at(&path))? {
        let entry = entry.map_err(ExportError::at(&path))?;
        let kind = entry.file_type().map_err(ExportError::at(&path))?;
        names.push((entry.file_name().to_string_lossy().into_owned(), kind.is_dir()));
    }
    names.sort_unstable();
    for (entry, is_folder) in names {
        let path = format!("{name}/{entry}");
        if is_folder {
            for_each_file(folder, &path, each)?;
        } else {
            each(&path)?;
        }
    }
    Ok(())
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
fn package(receipt: &ExportReceipt, resources: &[Resource]) -> Value {
    let resources = resources.iter().map(|Resource { path, sum: Checksum { bytes, sha256 } }| {
        let file = receipt.files.iter().find(|file| file.path == *path);
        let (stem, end) = path.trim_start_matches("data/").rsplit_once('.').unwrap_or((path, ""));
        let is_csv = file.is_some_and(|file| file.format == Format::Csv);
        let name = if is_csv { stem.to_owned() } else { format!("{stem}-{end}") };
        let mut resource = json!({
            "name": name.to_lowercase(), "path": path, "format": end, "bytes": bytes, "hash": format!("sha256:{sha256}"),
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
