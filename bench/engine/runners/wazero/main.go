// Runs a WASI p1 module on wazero: run MODULE ARGS..., or measures and prints JSON: load MODULE FOLDER TIMES,
// command MODULE TIMES, idle MODULE TIMES KIB.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"
	"github.com/tetratelabs/wazero/sys"
)

var background = context.Background()

func must[T any](value T, err error) T {
	if err != nil {
		fmt.Fprintln(os.Stderr, "wazero:", err)
		os.Exit(1)
	}
	return value
}

// A runtime that can be interrupted, as one that runs strangers' code has to be.
func open(cache wazero.CompilationCache) wazero.Runtime {
	config := wazero.NewRuntimeConfigCompiler().WithCloseOnContextDone(os.Getenv("INTERRUPTIBLE") != "")
	if cache != nil {
		config = config.WithCompilationCache(cache)
	}
	r := wazero.NewRuntimeWithConfig(background, config)
	must(wasi_snapshot_preview1.Instantiate(background, r))
	return r
}

func config(args []string, out io.Writer) wazero.ModuleConfig {
	return wazero.NewModuleConfig().WithName("").WithArgs(args...).WithStdout(out).WithStderr(os.Stderr).
		WithSysNanotime().WithSysWalltime().WithSysNanosleep()
}

func start(r wazero.Runtime, compiled wazero.CompiledModule, args []string, out io.Writer) {
	module, err := r.InstantiateModule(background, compiled, config(args, out))
	if exit, ok := err.(*sys.ExitError); ok && exit.ExitCode() == 0 {
		err = nil
	}
	must(0, err)
	if module != nil {
		module.Close(background)
	}
}

func since(start time.Time) float64 { return float64(time.Since(start).Nanoseconds()) }

func load(wasm []byte, folder string, times int) map[string]any {
	var loads []float64
	for i := 0; i <= times; i++ {
		start := time.Now()
		r := open(must(wazero.NewCompilationCacheWithDir(folder)))
		must(r.CompileModule(background, wasm))
		loads = append(loads, since(start))
		r.Close(background)
	}
	return map[string]any{"cold_ns": loads[0], "cached_ns": loads[1:]}
}

func command(wasm []byte, times int) map[string]any {
	r := open(nil)
	compiled := must(r.CompileModule(background, wasm))
	var runs []float64
	for i := 0; i < times; i++ {
		begin := time.Now()
		start(r, compiled, []string{"nothing"}, io.Discard)
		runs = append(runs, since(begin))
	}
	return map[string]any{"ns": runs}
}

func resident() float64 {
	for _, line := range strings.Split(string(must(os.ReadFile("/proc/self/smaps_rollup"))), "\n") {
		if fields := strings.Fields(line); len(fields) > 1 && fields[0] == "Pss:" {
			return must(strconv.ParseFloat(fields[1], 64))
		}
	}
	panic("no Pss in smaps_rollup")
}

type readiness struct{ group *sync.WaitGroup }

func (r readiness) Write(text []byte) (int, error) {
	r.group.Add(-strings.Count(string(text), "ready"))
	return len(text), nil
}

func idle(wasm []byte, times int, kib string) map[string]any {
	r := open(nil)
	compiled := must(r.CompileModule(background, wasm))
	start(r, compiled, []string{"idle", "0", "0"}, io.Discard)
	runtime.GC()
	before := resident()
	var ready sync.WaitGroup
	ready.Add(times)
	for i := 0; i < times; i++ {
		go start(r, compiled, []string{"idle", kib, "1000"}, readiness{&ready})
	}
	ready.Wait()
	runtime.GC()
	return map[string]any{"kib": (resident() - before) / float64(times)}
}

func main() {
	wasm := must(os.ReadFile(os.Args[2]))
	number := func(i int) int { return must(strconv.Atoi(os.Args[i])) }
	var result map[string]any
	switch os.Args[1] {
	case "run":
		r := open(nil)
		start(r, must(r.CompileModule(background, wasm)), os.Args[2:], os.Stdout)
		return
	case "load":
		result = load(wasm, os.Args[3], number(4))
	case "command":
		result = command(wasm, number(3))
	case "idle":
		result = idle(wasm, number(3), os.Args[4])
	}
	must(0, json.NewEncoder(os.Stdout).Encode(result))
}
