// Answers for the tests what the container world's own code says: one JSON line in, one JSON line out.
//
//	{"reference": "ubuntu:24.04"}                  -> {"ok": true, "domain": …, "path": …, "tag": …, "digest": …}
//	{"ignore": "*.log\n", "paths": ["a.log", "b"]} -> {"ok": true, "ignored": [true, false]}
package main

import (
	"bufio"
	_ "crypto/sha256"
	_ "crypto/sha512"
	"encoding/json"
	"os"
	"strings"

	"github.com/distribution/reference"
	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"
)

type question struct {
	Reference *string  `json:"reference"`
	Ignore    string   `json:"ignore"`
	Paths     []string `json:"paths"`
}

type answer struct {
	OK      bool   `json:"ok"`
	Domain  string `json:"domain,omitempty"`
	Path    string `json:"path,omitempty"`
	Tag     string `json:"tag,omitempty"`
	Digest  string `json:"digest,omitempty"`
	Ignored []bool `json:"ignored,omitempty"`
}

func parse(text string) answer {
	named, err := reference.ParseNormalizedNamed(text)
	if err != nil {
		return answer{}
	}
	found := answer{OK: true, Domain: reference.Domain(named), Path: reference.Path(named)}
	if tagged, ok := named.(reference.Tagged); ok {
		found.Tag = tagged.Tag()
	}
	if digested, ok := named.(reference.Digested); ok {
		found.Digest = digested.Digest().String()
	}
	return found
}

func ignore(text string, paths []string) answer {
	patterns, err := ignorefile.ReadAll(strings.NewReader(text))
	if err != nil {
		return answer{}
	}
	matcher, err := patternmatcher.New(patterns)
	if err != nil {
		return answer{}
	}
	found := answer{OK: true}
	for _, path := range paths {
		ignored, err := walk(matcher, path)
		if err != nil {
			return answer{}
		}
		found.Ignored = append(found.Ignored, ignored)
	}
	return found
}

// Folder by folder, as BuildKit walks a context. A path judged alone (MatchesOrParentMatches) can get another verdict,
// as that method's own comment says.
func walk(matcher *patternmatcher.PatternMatcher, path string) (ignored bool, err error) {
	var info patternmatcher.MatchInfo
	for end := range len(path) + 1 {
		if end < len(path) && path[end] != '/' {
			continue
		}
		if ignored, info, err = matcher.MatchesUsingParentResults(path[:end], info); err != nil {
			return false, err
		}
	}
	return ignored, nil
}

func main() {
	in := bufio.NewReader(os.Stdin)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	questions, answers := json.NewDecoder(in), json.NewEncoder(out)
	for {
		var asked question
		if questions.Decode(&asked) != nil {
			return
		}
		if asked.Reference != nil {
			_ = answers.Encode(parse(*asked.Reference))
		} else {
			_ = answers.Encode(ignore(asked.Ignore, asked.Paths))
		}
	}
}
