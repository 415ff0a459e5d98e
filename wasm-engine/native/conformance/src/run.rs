//! `wast-run FOLDER [--deep] [--baseline]`: performs the `.wast` files of a folder (and of its
//! folders) on wasmtime with Dunlin's settings, and writes a line of JSON for each failure and each
//! file.
//!
//! A script stops at its first failure; so the directive that failed is taken out of it and it
//! begins again, until what is left of it passes.

use dunlin_conformance::{name, wast_files};
use dunlin_native::config::{How, config};
use serde_json::json;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use wasmtime::Engine;
use wasmtime_wast::{Async, SpectestConfig, WastContext};
use wast::lexer::Lexer;
use wast::parser::{self, ParseBuffer};
use wast::{QuoteWat, WastDirective, WastExecute};

/// Of one file; more would mean that it cannot be performed at all.
const MOST_FAILURES: usize = 200;
/// The instances of a script live as long as it does.
const STORES: u32 = 400;

fn main() -> ExitCode {
    let args: Vec<_> = std::env::args().skip(1).collect();
    let Some(folder) = args.first().map(PathBuf::from) else {
        eprintln!("usage: wast-run FOLDER [--deep] [--baseline]");
        return ExitCode::from(2);
    };
    let has = |option: &str| args.iter().any(|arg| arg == option);
    let how = if has("--baseline") { How::Baseline } else { How::Optimized };
    let engine = match Engine::new(&config(how, STORES)) {
        Ok(engine) => engine,
        Err(e) => {
            eprintln!("no engine: {e:?}");
            return ExitCode::FAILURE;
        }
    };
    for wast in wast_files(&folder, has("--deep")) {
        let name = name(&folder, &wast);
        let findings = perform(&engine, &wast);
        for (line, tests, failure) in &findings.failures {
            println!("{}", json!({"name": format!("{name}:{line}"), "tests": tests, "failure": failure}));
        }
        if findings.refused > 0 {
            let why: Vec<_> = findings.refusals.into_iter().collect();
            println!(
                "{}",
                json!({"name": format!("{name}:refused"), "tests": findings.refused, "failure": why.join("; ")})
            );
        }
        println!("{}", json!({"name": name, "tests": findings.passed}));
    }
    ExitCode::SUCCESS
}

#[derive(Default)]
struct Findings {
    passed: usize,
    /// The line, how many directives fall together there, and what was found.
    failures: Vec<(usize, usize, String)>,
    /// Directives of modules that are refused for a feature, and those features.
    refused: usize,
    refusals: BTreeSet<String>,
}

fn perform(engine: &Engine, wast: &Path) -> Findings {
    let text = std::fs::read_to_string(wast).expect("a file that was listed can be read");
    let mut findings = Findings::default();
    let mut script = match Script::parse(wast, text) {
        Ok(script) => script,
        Err(e) => {
            findings.failures.push((1, 1, e));
            return findings;
        }
    };
    while script.taken_out < script.directives.len() {
        let Err((line, failure)) = script.run(engine) else { break };
        let tests = script.take_out(line);
        if let Some(feature) = feature(&failure) {
            findings.refused += tests;
            findings.refusals.insert(feature);
        } else if findings.refused > 0 && is_missing(&failure) {
            findings.refused += tests;
        } else {
            findings.failures.push((line, tests, failure));
        }
        if tests == 0 || findings.failures.len() == MOST_FAILURES {
            return findings;
        }
    }
    findings.passed = script.directives.len() - script.taken_out;
    findings
}

/// The feature that a module is refused for, if it is.
fn feature(failure: &str) -> Option<String> {
    const SIGNS: [&str; 12] = [
        "must be enabled",
        "to be enabled",
        "not enabled",
        "without the",
        "requires the component model",
        "require the component model",
        "require the function-references proposal",
        "feature is not active",
        "function references required",
        "which requires gc",
        "because the GC proposal is disabled",
        "Component model async must be enabled",
    ];
    SIGNS.iter().any(|sign| failure.contains(sign)).then(|| {
        let cause = failure.rsplit(": ").next().unwrap_or(failure);
        cause.split(" (at offset").next().unwrap_or(cause).to_owned()
    })
}

/// Something that a module which was refused should have given.
fn is_missing(failure: &str) -> bool {
    failure.contains("found") && (failure.contains("no item named") || failure.contains("no func named"))
        || failure.contains("no module named")
        || failure.contains("no previous instance")
        || failure.contains("has not been defined")
}

struct Script {
    path: String,
    text: String,
    directives: Vec<Directive>,
    taken_out: usize,
}

struct Directive {
    /// Where it begins, and where the next does.
    start: usize,
    end: usize,
    is_module: bool,
    /// It asks the module before it.
    asks: bool,
}

impl Script {
    fn parse(path: &Path, text: String) -> Result<Self, String> {
        let path = path.to_string_lossy().into_owned();
        let mut directives: Vec<Directive> = Vec::new();
        let mut texts = Vec::new();
        {
            let mut lexer = Lexer::new(&text);
            lexer.allow_confusing_unicode(true);
            let buffer = ParseBuffer::new_with_lexer(lexer).map_err(|e| e.to_string())?;
            let ast = parser::parse::<wast::Wast>(&buffer).map_err(|e| e.to_string())?;
            for directive in ast.directives {
                let keyword = directive.span().offset();
                if is_of_text(&directive) {
                    texts.push(directives.len());
                }
                let start = opening(&text, keyword);
                if let Some(last) = directives.last_mut() {
                    last.end = start;
                }
                directives.push(Directive {
                    start,
                    end: text.len(),
                    is_module: matches!(directive, WastDirective::Module(_) | WastDirective::ModuleInstance { .. }),
                    asks: asks(&directive),
                });
            }
        }
        let mut script = Script { path, directives, text, taken_out: 0 };
        for directive in texts {
            script.blank(directive);
        }
        Ok(script)
    }

    fn run(&self, engine: &Engine) -> Result<(), (usize, String)> {
        let mut context = WastContext::new(engine, Async::Yes, |store| store.set_epoch_deadline(u64::MAX / 2));
        context.generate_dwarf(false).ignore_error_messages(true);
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            context.register_spectest(&SpectestConfig { use_shared_memory: false, suppress_prints: true })?;
            context.register_wasmtime()?;
            context.run_wast(&self.path, self.text.as_bytes())
        }));
        match outcome {
            Ok(Ok(())) => Ok(()),
            Ok(Err(e)) => {
                let told = format!("{e:#}");
                let found = told.split_once(": ").map_or(told.as_str(), |(_, found)| found);
                Err((self.line(&format!("{e}")), found.to_owned()))
            }
            Err(_) => Err((1, "wasmtime panicked".to_owned())),
        }
    }

    /// From `failed directive on PATH:LINE`.
    fn line(&self, message: &str) -> usize {
        message.rsplit(':').next().and_then(|line| line.trim().parse().ok()).unwrap_or(1)
    }

    /// Takes out the directive of that line, and if it makes a module what asks that one; tells how many.
    fn take_out(&mut self, line: usize) -> usize {
        let at = self.text.match_indices('\n').nth(line - 1).map_or(self.text.len(), |(end, _)| end);
        let Some(directive) = self.directives.iter().rposition(|d| d.start <= at) else {
            return 0;
        };
        let mut tests = self.blank(directive);
        if self.directives[directive].is_module {
            for next in directive + 1..self.directives.len() {
                if self.directives[next].is_module {
                    break;
                }
                if self.directives[next].asks {
                    tests += self.blank(next);
                }
            }
        }
        tests
    }

    /// Its lines stay, so that those of the others stay what they are.
    fn blank(&mut self, directive: usize) -> usize {
        let Directive { start, end, .. } = self.directives[directive];
        let blank: String =
            self.text[start..end].bytes().map(|b| if b == b'\n' { '\n' } else { ' ' }).collect();
        let changes = usize::from(self.text[start..end] != blank);
        self.text.replace_range(start..end, &blank);
        self.taken_out += changes;
        changes
    }
}

fn asks(directive: &WastDirective) -> bool {
    match directive {
        WastDirective::Invoke(call) | WastDirective::AssertExhaustion { call, .. } => call.module.is_none(),
        WastDirective::Register { module, .. } => module.is_none(),
        WastDirective::AssertReturn { exec, .. }
        | WastDirective::AssertTrap { exec, .. }
        | WastDirective::AssertException { exec, .. } => match exec {
            WastExecute::Invoke(call) => call.module.is_none(),
            WastExecute::Get { module, .. } => module.is_none(),
            WastExecute::Wat(_) => false,
        },
        _ => false,
    }
}

/// Where the parenthesis is that a keyword follows; between them there may be annotations.
fn opening(text: &str, keyword: usize) -> usize {
    text[..keyword].rmatch_indices('(').map(|(at, _)| at).find(|at| !text[*at..].starts_with("(@")).unwrap_or(0)
}

/// Malformed text is for assemblers to refuse: no engine reads it.
fn is_of_text(directive: &WastDirective) -> bool {
    matches!(
        directive,
        WastDirective::AssertMalformed { module: QuoteWat::QuoteModule(..) | QuoteWat::QuoteComponent(..), .. }
    )
}
