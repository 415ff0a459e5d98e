//! Where the suites' `.wast` files are, and what the lists of known failures call them.

use std::fs;
use std::path::{Path, PathBuf};

/// All `.wast` files in `folder`, and if `deep` in its folders, in order.
pub fn wast_files(folder: &Path, deep: bool) -> Vec<PathBuf> {
    let mut found = Vec::new();
    collect(folder, deep, &mut found);
    found.sort();
    found
}

fn collect(folder: &Path, deep: bool, found: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder)
        .unwrap_or_else(|e| panic!("{}: a folder is expected here: {e}", folder.display()));
    for entry in entries {
        let path = entry.expect("a folder that can be listed").path();
        if path.is_dir() {
            if deep {
                collect(&path, deep, found);
            }
        } else if path.extension().is_some_and(|e| e == "wast") {
            found.push(path);
        }
    }
}

/// The path below the suite's folder, without its ending: `linking0`, `proposals/threads/atomic`.
pub fn name(suite: &Path, wast: &Path) -> String {
    let below = wast.strip_prefix(suite).unwrap_or(wast);
    below.with_extension("").to_string_lossy().replace('\\', "/")
}
