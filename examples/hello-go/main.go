// Greets whoever the query names. A request comes as environment variables (CGI), the answer goes to standard output.
package main

import (
	"fmt"
	"net/url"
	"os"
)

func main() {
	query, err := url.ParseQuery(os.Getenv("QUERY_STRING"))
	if err != nil {
		fmt.Print("Status: 400 Bad Request\nContent-Type: text/plain; charset=utf-8\n\n")
		fmt.Printf("The query is not well encoded: %v\n", err)
		return
	}
	name := query.Get("name")
	if name == "" {
		name = "world"
	}
	greeting := os.Getenv("GREETING")
	if greeting == "" {
		greeting = "Hello"
	}
	fmt.Print("Content-Type: text/plain; charset=utf-8\n\n")
	fmt.Printf("%s, %s, from Go\n", greeting, name)
}
