// Go's standard library at work: encoding/json, crypto/sha256, regexp, maps and sort. Prints as bench.c does.
package main

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"time"
)

type record struct {
	ID    int               `json:"id"`
	Name  string            `json:"name"`
	Tags  []string          `json:"tags"`
	Extra map[string]string `json:"extra"`
}

var word = regexp.MustCompile(`([a-z]+)-(\d{2,})`)

func work() uint32 {
	var records []record
	for i := range 1200 {
		records = append(records, record{i, "record-" + strconv.Itoa(i), []string{"a", "b"}, map[string]string{"k": strconv.Itoa(i * i)}})
	}
	text, err := json.Marshal(records)
	if err != nil {
		panic(err)
	}
	var back []record
	if err := json.Unmarshal(text, &back); err != nil {
		panic(err)
	}
	sum := sha256.Sum256([]byte(strings.Repeat(string(text), 4)))
	found := len(word.FindAll(text, -1))
	counts := map[string]int{}
	for i := range 60000 {
		counts[strconv.Itoa(i*7919%5003)]++
	}
	keys := make([]string, 0, len(counts))
	for key := range counts {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return binary.BigEndian.Uint32(sum[:]) ^ uint32(found) ^ uint32(len(back)) ^ uint32(len(keys)*counts[keys[7]])
}

func main() {
	iterations, milliseconds := 10, 10000
	if len(os.Args) > 2 {
		iterations, _ = strconv.Atoi(os.Args[1])
		milliseconds, _ = strconv.Atoi(os.Args[2])
	}
	end := time.Now().Add(time.Duration(milliseconds) * time.Millisecond)
	for i := 0; i < iterations && (i < 2 || time.Now().Before(end)); i++ {
		start := time.Now()
		checksum := work()
		fmt.Printf("%d %08x\n", time.Since(start).Nanoseconds(), checksum)
	}
}
