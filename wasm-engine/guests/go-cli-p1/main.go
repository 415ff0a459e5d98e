// Does what every command among the guests does: shows its arguments and its variables, counts standard input,
// reads a file of the folder that it was given, writes another, and exits with the code that it was told.
package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"
)

func main() {
	args := os.Args[1:]
	fmt.Println("arguments:", strings.Join(args, ", "))
	fmt.Println("greeting:", os.Getenv("GREETING"))

	input, err := io.ReadAll(os.Stdin)
	check(err)
	lines := strings.Count(string(input), "\n")
	if len(input) > 0 && input[len(input)-1] != '\n' {
		lines++
	}
	fmt.Printf("standard input: %d bytes in %d lines\n", len(input), lines)

	text, err := os.ReadFile("/data/in.txt")
	check(err)
	fmt.Print("in.txt: ", string(text))
	check(os.WriteFile("/data/out.txt", []byte(strings.ToUpper(string(text))), 0o644))
	written, err := os.ReadFile("/data/out.txt")
	check(err)
	fmt.Print("out.txt: ", string(written))
	if _, err := os.Stat("/data/missing.txt"); errors.Is(err, fs.ErrNotExist) {
		fmt.Println("missing.txt: entity not found")
	}

	// Two goroutines, so that the scheduler and its waiting (poll_oneoff) are in it.
	channel := make(chan string)
	go func() { channel <- "a line on standard error" }()
	fmt.Fprintln(os.Stderr, <-channel)
	if len(args) > 0 {
		if code, err := strconv.Atoi(args[len(args)-1]); err == nil {
			os.Exit(code)
		}
	}
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
