// peer-schema prints the OpenAPI schema that Cog itself generates from a
// project's source, for bench/compare_schemas.py to hold cogbuild's against.
//
//	peer-schema DIR PREDICT_REF TRAIN_REF   schema on stdout, or error and exit status 1
//	peer-schema --batch < cases.jsonl       one JSON result a line, in the order of the cases
//
// A case is {"dir", "predict", "train"}; either reference may be empty. A
// result is {"schema"} or {"error"}, and "invalid" beside a schema that the
// OpenAPI validation of `cog build` would refuse.
//
// The version in the schema is the one given at build time:
//
//	go mod tidy && go build -o peer-schema \
//	  -ldflags "-X github.com/replicate/cog/pkg/global.Version=0.22.0" .
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/replicate/cog/pkg/schema"
	"github.com/replicate/cog/pkg/schema/python"
)

type testCase struct {
	Dir     string `json:"dir"`
	Predict string `json:"predict"`
	Train   string `json:"train"`
}

type result struct {
	Schema  string `json:"schema,omitempty"`
	Error   string `json:"error,omitempty"`
	Invalid string `json:"invalid,omitempty"`
}

func generate(c testCase) (out []byte, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return schema.GenerateCombined(c.Dir, c.Predict, c.Train,
		schema.PathAwareParser(python.ParsePredictorWithSourcePath))
}

func validate(document []byte) error {
	loader := openapi3.NewLoader()
	loader.IsExternalRefsAllowed = true
	parsed, err := loader.LoadFromData(document)
	if err != nil {
		return err
	}
	return parsed.Validate(loader.Context)
}

func judge(c testCase) result {
	out, err := generate(c)
	if err != nil {
		return result{Error: err.Error()}
	}
	r := result{Schema: string(out)}
	if err := validate(out); err != nil {
		r.Invalid = err.Error()
	}
	return r
}

func batch(in io.Reader, out io.Writer) error {
	cases := json.NewDecoder(bufio.NewReader(in))
	buffered := bufio.NewWriter(out)
	results := json.NewEncoder(buffered)
	for {
		var c testCase
		if err := cases.Decode(&c); errors.Is(err, io.EOF) {
			return buffered.Flush()
		} else if err != nil {
			return err
		}
		if err := results.Encode(judge(c)); err != nil {
			return err
		}
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func main() {
	switch {
	case len(os.Args) == 2 && os.Args[1] == "--batch":
		if err := batch(os.Stdin, os.Stdout); err != nil {
			fail(err)
		}
	case len(os.Args) == 4:
		out, err := generate(testCase{os.Args[1], os.Args[2], os.Args[3]})
		if err != nil {
			fail(err)
		}
		if err := validate(out); err != nil {
			fmt.Fprintln(os.Stderr, "invalid:", err)
		}
		if _, err := os.Stdout.Write(out); err != nil {
			fail(err)
		}
	default:
		fail(errors.New("usage: peer-schema DIR PREDICT_REF TRAIN_REF | peer-schema --batch"))
	}
}
