//! `wast-to-json WAST OUT`: makes `OUT/NAME.json` of each `.wast` of a folder, and the modules
//! that it names, for runners that read no text format.

use json_from_wast::Opts;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use wast::lexer::Lexer;
use wast::parser::{self, ParseBuffer};

fn main() -> ExitCode {
    let args: Vec<_> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [suite, out] = args.as_slice() else {
        eprintln!("usage: wast-to-json WAST_FOLDER OUT_FOLDER");
        return ExitCode::from(2);
    };
    let mut failed = false;
    for wast in dunlin_conformance::wast_files(suite, false) {
        let name = dunlin_conformance::name(suite, &wast);
        if let Err(e) = convert(&wast, &name, &out.join(&name)) {
            eprintln!("{name}: {e}");
            failed = true;
        }
    }
    ExitCode::from(u8::from(failed))
}

fn convert(wast: &Path, name: &str, out: &Path) -> Result<(), Box<dyn Error>> {
    let text = fs::read_to_string(wast)?;
    let mut lexer = Lexer::new(&text);
    lexer.allow_confusing_unicode(true);
    let buffer = ParseBuffer::new_with_lexer(lexer)?;
    let ast = parser::parse::<wast::Wast>(&buffer)?;
    let stem = out.file_name().ok_or("a name")?.to_string_lossy().into_owned();
    let json = Opts::default()
        .module_filename(stem)
        .convert(name, &text, ast)
        .map_err(|e| e.to_string())?;
    let folder = out.parent().ok_or("a folder")?;
    fs::create_dir_all(folder)?;
    for (file, bytes) in &json.wasms {
        fs::write(folder.join(file), bytes)?;
    }
    fs::write(out.with_extension("json"), serde_json::to_vec(&json)?)?;
    Ok(())
}
