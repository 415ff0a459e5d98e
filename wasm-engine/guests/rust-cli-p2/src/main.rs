//! What every command among the guests does: shows its arguments and its variables, counts standard input,
//! reads a file of the folder that it was given, writes another, and exits with the code that it was told.

use std::io::{Read as _, Write as _};
use std::{env, fs, io, process};

fn main() -> io::Result<()> {
    let args: Vec<String> = env::args().skip(1).collect();
    println!("arguments: {}", args.join(", "));
    println!("greeting: {}", env::var("GREETING").unwrap_or_else(|_| "unset".into()));

    let mut input = String::new();
    io::stdin().read_to_string(&mut input)?;
    println!("standard input: {} bytes in {} lines", input.len(), input.lines().count());

    let text = fs::read_to_string("/data/in.txt")?;
    print!("in.txt: {text}");
    fs::write("/data/out.txt", text.to_uppercase())?;
    print!("out.txt: {}", fs::read_to_string("/data/out.txt")?);
    match fs::read("/data/missing.txt") {
        Ok(_) => println!("missing.txt: there"),
        Err(failure) => println!("missing.txt: {}", failure.kind()),
    }

    eprintln!("a line on standard error");
    io::stdout().flush()?;
    process::exit(args.last().and_then(|code| code.parse().ok()).unwrap_or(0));
}
