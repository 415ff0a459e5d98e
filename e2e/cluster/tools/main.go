// What the whole-cluster tests need inside a cluster, in one static program: a registry that has the examples' modules,
// and a client that counts what it was answered.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/static"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

func main() {
	if len(os.Args) < 2 {
		log.Fatal("expected registry FOLDER, get URL, post URL BODY, load -url URL, or lend FOLDER, found nothing")
	}
	switch os.Args[1] {
	case "registry":
		serve(os.Args[2])
	case "get":
		get(os.Args[2])
	case "post":
		post(os.Args[2], os.Args[3])
	case "load":
		load(os.Args[2:])
	case "lend":
		lend(os.Args[2])
	case "lent":
		_, err := os.Stat(lent)
		check(err)
	default:
		log.Fatalf("expected registry, get, post, load, lend or lent, found %q", os.Args[1])
	}
}

// serve answers on port 5000, with FOLDER/NAME/app.wasm as NAME:1.0.
func serve(folder string) {
	handler := registry.New(registry.Logger(log.New(io.Discard, "", 0)))
	filling := httptest.NewServer(handler)
	modules, err := filepath.Glob(filepath.Join(folder, "*", "app.wasm"))
	check(err)
	for _, module := range modules {
		bytes, err := os.ReadFile(module)
		check(err)
		image := filepath.Base(filepath.Dir(module)) + ":1.0"
		push(strings.TrimPrefix(filling.URL, "http://")+"/"+image, bytes)
		log.Printf("%s is there", image)
	}
	filling.Close()
	check(http.ListenAndServe(":5000", handler))
}

// push as the CNCF's artifact for WebAssembly; a module that is a component says so.
func push(reference string, module []byte) {
	system := "wasip1"
	if len(module) > 6 && module[6] == 1 {
		system = "wasip2"
	}
	layer := static.NewLayer(module, "application/wasm")
	digest, err := layer.Digest()
	check(err)
	image, err := mutate.Append(mutate.MediaType(empty.Image, types.OCIManifestSchema1), mutate.Addendum{Layer: layer, MediaType: "application/wasm"})
	check(err)
	config, err := json.Marshal(map[string]any{"architecture": "wasm", "os": system, "layerDigests": []string{digest.String()}})
	check(err)
	to, err := name.ParseReference(reference, name.Insecure)
	check(err)
	check(remote.Write(to, &artifact{Image: image, config: config}))
}

// An artifact is an image whose configuration is its own.
type artifact struct {
	v1.Image
	config []byte
}

func (a *artifact) MediaType() (types.MediaType, error) { return types.OCIManifestSchema1, nil }
func (a *artifact) RawConfigFile() ([]byte, error)      { return a.config, nil }
func (a *artifact) ConfigName() (v1.Hash, error) {
	hash, _, err := v1.SHA256(strings.NewReader(string(a.config)))
	return hash, err
}
func (a *artifact) Manifest() (*v1.Manifest, error) {
	manifest, err := a.Image.Manifest()
	if err != nil {
		return nil, err
	}
	manifest = manifest.DeepCopy()
	hash, err := a.ConfigName()
	if err != nil {
		return nil, err
	}
	manifest.Config = v1.Descriptor{MediaType: "application/vnd.wasm.config.v0+json", Digest: hash, Size: int64(len(a.config))}
	return manifest, nil
}
func (a *artifact) RawManifest() ([]byte, error) {
	manifest, err := a.Manifest()
	if err != nil {
		return nil, err
	}
	return json.Marshal(manifest)
}
func (a *artifact) Digest() (v1.Hash, error) {
	raw, err := a.RawManifest()
	if err != nil {
		return v1.Hash{}, err
	}
	hash, _, err := v1.SHA256(strings.NewReader(string(raw)))
	return hash, err
}

// get asks once and prints the answer; the exit code is 1 where it is not a 2xx.
func get(url string) {
	tell(http.NewRequest(http.MethodGet, url, nil))
}

// post sends a body once and prints the answer, as get does.
func post(url, body string) {
	tell(http.NewRequest(http.MethodPost, url, strings.NewReader(body)))
}

// tell connects anew for five seconds where nobody listens: kube-proxy hears of a new Service's endpoints a moment after
// the app is ready.
func tell(request *http.Request, err error) {
	check(err)
	client := &http.Client{Timeout: 10 * time.Second}
	answer, err := client.Do(request)
	for end := time.Now().Add(5 * time.Second); errors.Is(err, syscall.ECONNREFUSED) && time.Now().Before(end); {
		time.Sleep(50 * time.Millisecond)
		answer, err = client.Do(request)
	}
	check(err)
	defer answer.Body.Close()
	_, err = io.Copy(os.Stdout, answer.Body)
	check(err)
	if answer.StatusCode/100 != 2 {
		log.Fatal(answer.Status)
	}
}

const lent = "/lent"

// lend gives a node's folder to the agents' user until SIGTERM, and empties it then; `lent` tells a
// readiness probe that it has.
func lend(folder string) {
	check(os.Chown(folder, 65532, 65532))
	check(os.Chmod(folder, 0o700))
	check(os.WriteFile(lent, nil, 0o600))
	end := make(chan os.Signal, 1)
	signal.Notify(end, syscall.SIGTERM)
	<-end
	left, err := os.ReadDir(folder)
	check(err)
	for _, entry := range left {
		check(os.RemoveAll(filepath.Join(folder, entry.Name())))
	}
}

// load asks without end, each worker one after the other, half of them on a new connection each time. It counts from the
// first answer on: kube-proxy hears of a new Service's endpoints a moment after the app is ready. What failed is told at once; a line with the counts comes each second, the last one on SIGTERM.
func load(args []string) {
	flags := flag.NewFlagSet("load", flag.ExitOnError)
	url := flags.String("url", "", "what to ask")
	workers := flags.Int("workers", 4, "at once")
	pause := flags.Duration("pause", 5*time.Millisecond, "between a worker's requests")
	check(flags.Parse(args))
	var mutex sync.Mutex
	answered, failed := 0, 0
	tell := func() {
		mutex.Lock()
		defer mutex.Unlock()
		fmt.Printf("answered=%d failed=%d\n", answered, failed)
	}
	for ask(http.DefaultClient, *url) != nil {
		time.Sleep(*pause)
	}
	for i := range *workers {
		client := &http.Client{Timeout: 15 * time.Second, Transport: &http.Transport{DisableKeepAlives: i%2 == 0}}
		go func() {
			for ; ; time.Sleep(*pause) {
				err := ask(client, *url)
				mutex.Lock()
				if err == nil {
					answered++
				} else {
					failed++
					fmt.Printf("failed %s: %v\n", time.Now().UTC().Format("15:04:05.000"), err)
				}
				mutex.Unlock()
			}
		}()
	}
	end := make(chan os.Signal, 1)
	signal.Notify(end, syscall.SIGTERM)
	for tick := time.Tick(time.Second); ; {
		select {
		case <-tick:
			tell()
		case <-end:
			tell()
			return
		}
	}
}

func ask(client *http.Client, url string) error {
	answer, err := client.Get(url)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if _, err = io.Copy(io.Discard, answer.Body); err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s", answer.Status)
	}
	return nil
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
