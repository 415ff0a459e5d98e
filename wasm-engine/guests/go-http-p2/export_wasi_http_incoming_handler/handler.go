// Package export_wasi_http_incoming_handler answers requests of wasi:http/proxy 0.2: what one asks for is in its path.
package export_wasi_http_incoming_handler

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"

	. "go.bytecodealliance.org/pkg/wit/types"
	"wit_component/wasi_http_outgoing_handler"
	. "wit_component/wasi_http_types"
	"wit_component/wasi_io_streams"
)

// The collector asks the clock. Where it began while the host writes what a call gives, the instance would end: a
// component may call nobody then. So it runs here.
func init() { debug.SetGCPercent(-1) }

func Handle(request *IncomingRequest, out *ResponseOutparam) {
	runtime.GC()
	path, query, _ := strings.Cut(request.PathWithQuery().SomeOr(""), "?")
	switch method := request.Method().Tag(); {
	case method == Method_Get && path == "/hello":
		text(out, 200, "hello from go-http-p2\n")
	case method == Method_Get && path == "/header":
		reflect(request, out)
	case method == Method_Get && path == "/big":
		big(out)
	case method == Method_Get && path == "/log":
		fmt.Println("a line on standard output")
		fmt.Fprintln(os.Stderr, "a line on standard error")
		text(out, 200, "logged\n")
	case method == Method_Get && path == "/trap":
		panic("as asked")
	case method == Method_Get && path == "/fetch":
		fetch(query, out)
	case method == Method_Post && path == "/echo":
		echo(request, out)
	default:
		text(out, 404, "not found\n")
	}
}

// begin sends the head of a response, lets write send its body, and ends it.
func begin(out *ResponseOutparam, status uint16, name string, value []byte, write func(*wasi_io_streams.OutputStream)) {
	fields := MakeFields()
	if name != "" {
		fields.Append(name, value).Ok()
	}
	response := MakeOutgoingResponse(fields)
	response.SetStatusCode(status).Ok()
	body := response.Body().Ok()
	ResponseOutparamSet(out, Ok[*OutgoingResponse, ErrorCode](response))
	stream := body.Write().Ok()
	write(stream)
	stream.BlockingFlush().Ok()
	stream.Drop()
	OutgoingBodyFinish(body, None[*Fields]()).Ok()
}

// writeAll sends bytes in the pieces of which a stream takes one at a time.
func writeAll(stream *wasi_io_streams.OutputStream, bytes []byte) {
	for len(bytes) > 0 {
		piece := bytes[:min(len(bytes), 4096)]
		stream.BlockingWriteAndFlush(piece).Ok()
		bytes = bytes[len(piece):]
	}
}

func text(out *ResponseOutparam, status uint16, text string) {
	begin(out, status, "content-type", []byte("text/plain"), func(stream *wasi_io_streams.OutputStream) {
		writeAll(stream, []byte(text))
	})
}

func reflect(request *IncomingRequest, out *ResponseOutparam) {
	var value []byte
	if values := request.Headers().Get("x-reflect"); len(values) > 0 {
		value = values[0]
	}
	begin(out, 200, "x-reflected", value, func(stream *wasi_io_streams.OutputStream) {
		writeAll(stream, append(value, '\n'))
	})
}

// big is 1 MiB in numbered lines of 16 bytes.
func big(out *ResponseOutparam) {
	begin(out, 200, "content-type", []byte("text/plain"), func(stream *wasi_io_streams.OutputStream) {
		for block := range 256 {
			var lines []byte
			for n := range 256 {
				lines = fmt.Appendf(lines, "%015d\n", block*256+n)
			}
			writeAll(stream, lines)
		}
	})
}

// echo sends back what comes, as it comes.
func echo(request *IncomingRequest, out *ResponseOutparam) {
	incoming := request.Consume().Ok()
	begin(out, 200, "", nil, func(stream *wasi_io_streams.OutputStream) { transfer(incoming, stream) })
}

func transfer(incoming *IncomingBody, to *wasi_io_streams.OutputStream) {
	from := incoming.Stream().Ok()
	for {
		read := from.BlockingRead(16 << 10)
		if read.IsOk() {
			writeAll(to, read.Ok())
			continue
		}
		if failure := read.Err(); failure.Tag() != wasi_io_streams.StreamError_Closed {
			panic("reading a body: " + failure.LastOperationFailed().ToDebugString())
		}
		break
	}
	from.Drop()
	incoming.Drop()
}

// fetch asks http://AUTHORITY/PATH, and answers with what came, or 502 and why it did not.
func fetch(authorityAndPath string, out *ResponseOutparam) {
	authority, path, _ := strings.Cut(authorityAndPath, "/")
	request := MakeOutgoingRequest(MakeFields())
	request.SetScheme(Some(MakeSchemeHttp())).Ok()
	request.SetAuthority(Some(authority)).Ok()
	request.SetPathWithQuery(Some("/" + path)).Ok()
	asked := wasi_http_outgoing_handler.Handle(request, None[*RequestOptions]())
	if asked.IsErr() {
		text(out, 502, fmt.Sprintf("error %d\n", asked.Err().Tag()))
		return
	}
	coming := asked.Ok()
	ready := coming.Subscribe()
	ready.Block()
	ready.Drop()
	came := coming.Get().Some().Ok()
	if came.IsErr() {
		text(out, 502, fmt.Sprintf("error %d\n", came.Err().Tag()))
		return
	}
	response := came.Ok()
	incoming := response.Consume().Ok()
	begin(out, response.Status(), "", nil, func(stream *wasi_io_streams.OutputStream) { transfer(incoming, stream) })
}
