//! Counts the words of a text, prints the most frequent, and ends: 0 when it is done, 2 when it was called wrongly,
//! 3 when the text is not there.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::{env, fs, process};

const DEFAULT_TOP: usize = 5;

fn main() {
    let path = env::args()
        .nth(1)
        .unwrap_or_else(|| stop(2, "usage: wordcount FILE".into()));
    let top = match env::var("TOP") {
        Ok(text) => text
            .parse()
            .unwrap_or_else(|_| stop(2, format!("TOP is \"{text}\"; expected a number of words"))),
        Err(_) => DEFAULT_TOP,
    };
    let text = fs::read_to_string(&path)
        .unwrap_or_else(|e| stop(3, format!("no text to count: {path}: {e}")));

    let words = count(&text);
    println!(
        "{} words, {} different",
        words.iter().map(|(_, n)| n).sum::<usize>(),
        words.len()
    );
    for (word, n) in words.iter().take(top) {
        println!("{n} {word}");
    }
}

/// Each word in lower case and how often it occurs, the most frequent first, equals by the alphabet.
fn count(text: &str) -> Vec<(String, usize)> {
    let mut counts = HashMap::new();
    for word in text
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .filter(|word| !word.is_empty())
    {
        *counts.entry(word.to_lowercase()).or_insert(0) += 1;
    }
    let mut words: Vec<_> = counts.into_iter().collect();
    words.sort_by_cached_key(|(word, n)| (Reverse(*n), word.clone()));
    words
}

fn stop(code: i32, message: String) -> ! {
    eprintln!("wordcount: {message}");
    process::exit(code)
}

#[cfg(test)]
mod tests {
    use super::count;

    #[test]
    fn the_most_frequent_word_comes_first_and_equals_by_the_alphabet() {
        let words = count("To be, or not to be: that's the QUESTION.");
        let expected = [
            ("be", 2),
            ("to", 2),
            ("not", 1),
            ("or", 1),
            ("question", 1),
            ("that's", 1),
            ("the", 1),
        ];
        assert_eq!(words, expected.map(|(word, n)| (word.to_string(), n)));
    }
}
