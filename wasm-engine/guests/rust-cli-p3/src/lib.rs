//! wasi:cli/command 0.3 by the crate wasip3: does what every command among the guests does, with the interfaces of 0.3
//! alone (Rust's standard library would use those of 0.2).

use wasip3::cli::{environment, exit, stderr, stdin, stdout};
use wasip3::exports::cli::run::Guest;
use wasip3::filesystem::preopens;
use wasip3::filesystem::types::{Descriptor, DescriptorFlags, OpenFlags, PathFlags};
use wasip3::wit_bindgen::{StreamReader, StreamResult, spawn_local};
use wasip3::wit_stream;

wasip3::cli::command::export!(Example);

struct Example;

impl Guest for Example {
    async fn run() -> Result<(), ()> {
        let args: Vec<String> = environment::get_arguments().into_iter().skip(1).collect();
        let variables = environment::get_environment();
        let greeting = variables.iter().find(|(name, _)| name == "GREETING");
        let mut out = format!("arguments: {}\n", args.join(", "));
        out += &format!("greeting: {}\n", greeting.map_or("unset", |(_, value)| value));

        let (input, _) = stdin::read_via_stream();
        let input = String::from_utf8(read_all(input).await).unwrap();
        out += &format!("standard input: {} bytes in {} lines\n", input.len(), input.lines().count());

        let (data, _) = preopens::get_directories().into_iter().find(|(_, name)| name == "/data").unwrap();
        let text = read_file(&data, "in.txt").await.unwrap();
        out += &format!("in.txt: {text}");
        write_file(&data, "out.txt", text.to_uppercase()).await;
        out += &format!("out.txt: {}", read_file(&data, "out.txt").await.unwrap());
        match read_file(&data, "missing.txt").await {
            Ok(_) => out += "missing.txt: there\n",
            Err(_) => out += "missing.txt: entity not found\n",
        }

        stdout::write_via_stream(stream_of(out)).await.unwrap();
        stderr::write_via_stream(stream_of("a line on standard error\n".into())).await.unwrap();
        match args.last().and_then(|code| code.parse::<u8>().ok()) {
            Some(0) | None => Ok(()),
            Some(_) => {
                exit::exit(Err(()));
                Err(())
            }
        }
    }
}

fn stream_of(text: String) -> StreamReader<u8> {
    let (mut writer, reader) = wit_stream::new();
    spawn_local(async move {
        writer.write_all(text.into_bytes()).await;
    });
    reader
}

async fn read_all(mut stream: StreamReader<u8>) -> Vec<u8> {
    let mut all = Vec::new();
    loop {
        let (result, bytes) = stream.read(Vec::with_capacity(16 << 10)).await;
        all.extend(bytes);
        if !matches!(result, StreamResult::Complete(_)) {
            return all;
        }
    }
}

async fn read_file(
    folder: &Descriptor,
    name: &str,
) -> Result<String, wasip3::filesystem::types::ErrorCode> {
    let file = folder
        .open_at(PathFlags::empty(), name.into(), OpenFlags::empty(), DescriptorFlags::READ)
        .await?;
    let (stream, done) = file.read_via_stream(0);
    let bytes = read_all(stream).await;
    done.await?;
    Ok(String::from_utf8(bytes).unwrap())
}

async fn write_file(folder: &Descriptor, name: &str, text: String) {
    let file = folder
        .open_at(PathFlags::empty(), name.into(), OpenFlags::CREATE, DescriptorFlags::WRITE)
        .await
        .unwrap();
    file.write_via_stream(stream_of(text), 0).await.unwrap();
}
