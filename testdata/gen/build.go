package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// generated are the directories under testdata that this program owns.
var generated = []string{"submissions", "torture/mails"}

// build returns everything to be written under root, by slash-separated name.
func build(root string) (map[string][]byte, error) {
	stories, err := readStories(filepath.Join(root, "stories"))
	if err != nil {
		return nil, err
	}
	made := map[string][]byte{}
	for _, s := range stories {
		if err := s.build(made); err != nil {
			return nil, fmt.Errorf("story %s: %w", s.name, err)
		}
	}
	return made, addTorture(made)
}

func (s *story) build(made map[string][]byte) error {
	message, err := s.letter.render(s.name)
	if err != nil {
		return err
	}
	label, err := json.MarshalIndent(s.want(), "", "  ")
	if err != nil {
		return err
	}
	dir := path.Join("submissions", s.name)
	made[path.Join(dir, "message.eml")] = message
	made[path.Join(dir, "want.json")] = append(label, '\n')
	return nil
}

func readStories(dir string) ([]*story, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	if err != nil || len(names) == 0 {
		return nil, fmt.Errorf("no stories in %s (%v)", dir, err)
	}
	stories := make([]*story, 0, len(names))
	for _, name := range names {
		page, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		s, err := parseStory(strings.TrimSuffix(filepath.Base(name), ".txt"), string(page))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		stories = append(stories, s)
	}
	return stories, resolve(stories)
}

// resolve turns the names of stories in message_id and answers into Message-IDs.
func resolve(stories []*story) error {
	ids := map[string]string{}
	for _, s := range stories {
		ids[s.name] = s.letter.ownID(s.name)
	}
	lookup := func(name string) (string, error) {
		if strings.HasPrefix(name, "<") {
			return name, nil
		}
		if id := ids[name]; id != "" {
			return id, nil
		}
		return "", fmt.Errorf("%q is neither a story nor a <Message-ID>", name)
	}
	for _, s := range stories {
		if err := s.letter.resolve(s.name, lookup); err != nil {
			return fmt.Errorf("story %s: %w", s.name, err)
		}
	}
	return nil
}
