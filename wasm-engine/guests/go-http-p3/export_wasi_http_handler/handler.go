// Package export_wasi_http_handler answers requests of wasi:http/service 0.3: what one asks for is in its path.
package export_wasi_http_handler

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"

	. "go.bytecodealliance.org/pkg/wit/types"
	"wit_component/wasi_http_client"
	. "wit_component/wasi_http_types"
)

type answer = Result[*Response, ErrorCode]

// The collector asks the clock. Where it began while the host writes what a call gives, the instance would end: a
// component may call nobody then. So it runs here.
func init() { debug.SetGCPercent(-1) }

func Handle(request *Request) answer {
	runtime.GC()
	path, query, _ := strings.Cut(request.GetPathWithQuery().SomeOr(""), "?")
	switch method := request.GetMethod().Tag(); {
	case method == Method_Get && path == "/hello":
		return text(200, "hello from go-http-p3\n")
	case method == Method_Get && path == "/header":
		return reflect(request)
	case method == Method_Get && path == "/big":
		return streamed(200, "content-type", []byte("text/plain"), big)
	case method == Method_Get && path == "/log":
		fmt.Println("a line on standard output")
		fmt.Fprintln(os.Stderr, "a line on standard error")
		return text(200, "logged\n")
	case method == Method_Get && path == "/trap":
		panic("as asked")
	case method == Method_Get && path == "/error":
		return Err[*Response, ErrorCode](MakeErrorCodeConfigurationError())
	case method == Method_Get && path == "/fetch":
		return fetch(query)
	case method == Method_Post && path == "/echo":
		return echo(request)
	default:
		return text(404, "not found\n")
	}
}

// streamed is a response whose body is written, on a goroutine, while it is under way.
func streamed(status uint16, name string, value []byte, write func(*StreamWriter[uint8])) answer {
	fields := MakeFields()
	if name != "" {
		fields.Append(name, value).Ok()
	}
	body, reader := MakeStreamU8()
	response, sent := ResponseNew(fields, Some(reader), noTrailers())
	sent.Drop()
	response.SetStatusCode(status).Ok()
	go func() {
		defer body.Drop()
		write(body)
	}()
	return Ok[*Response, ErrorCode](response)
}

func noTrailers() *FutureReader[Result[Option[*Fields], ErrorCode]] {
	writer, reader := MakeFutureResultOptionFieldsErrorCode()
	go writer.Write(Ok[Option[*Fields], ErrorCode](None[*Fields]()))
	return reader
}

func readWell() *FutureReader[Result[Unit, ErrorCode]] {
	writer, reader := MakeFutureResultUnitErrorCode()
	go writer.Write(Ok[Unit, ErrorCode](Unit{}))
	return reader
}

func text(status uint16, text string) answer {
	return streamed(status, "content-type", []byte("text/plain"), func(body *StreamWriter[uint8]) {
		body.WriteAll([]byte(text))
	})
}

func reflect(request *Request) answer {
	var value []byte
	if values := request.GetHeaders().Get("x-reflect"); len(values) > 0 {
		value = values[0]
	}
	return streamed(200, "x-reflected", value, func(body *StreamWriter[uint8]) {
		body.WriteAll(append(value, '\n'))
	})
}

// big is 1 MiB in numbered lines of 16 bytes.
func big(body *StreamWriter[uint8]) {
	for block := range 256 {
		var lines []byte
		for n := range 256 {
			lines = fmt.Appendf(lines, "%015d\n", block*256+n)
		}
		if body.WriteAll(lines) < uint32(len(lines)) {
			return
		}
	}
}

// echo sends back what comes, as it comes.
func echo(request *Request) answer {
	incoming, trailers := RequestConsumeBody(request, readWell())
	return streamed(200, "", nil, func(body *StreamWriter[uint8]) {
		transfer(incoming, body)
		trailers.Drop()
	})
}

func transfer(from *StreamReader[uint8], to *StreamWriter[uint8]) {
	defer from.Drop()
	piece := make([]byte, 16<<10)
	for !from.WriterDropped() {
		count := from.Read(piece)
		if to.WriteAll(piece[:count]) < count {
			return
		}
	}
}

// fetch asks http://AUTHORITY/PATH, and answers with what came, or 502 and why it did not.
func fetch(authorityAndPath string) answer {
	authority, path, _ := strings.Cut(authorityAndPath, "/")
	request, sent := RequestNew(MakeFields(), None[*StreamReader[uint8]](), noTrailers(), None[*RequestOptions]())
	request.SetScheme(Some(MakeSchemeHttp())).Ok()
	request.SetAuthority(Some(authority)).Ok()
	request.SetPathWithQuery(Some("/" + path)).Ok()
	asked := wasi_http_client.Send(request)
	if asked.IsErr() {
		sent.Drop()
		return text(502, fmt.Sprintf("error %d\n", asked.Err().Tag()))
	}
	response := asked.Ok()
	status := response.GetStatusCode()
	incoming, trailers := ResponseConsumeBody(response, readWell())
	return streamed(status, "", nil, func(body *StreamWriter[uint8]) {
		transfer(incoming, body)
		// The body would break off if these were dropped before.
		trailers.Drop()
		sent.Drop()
	})
}
