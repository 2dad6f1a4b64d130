package rulebook

import (
	"bytes"
	"slices"
	"strings"
)

// FileChange is a file that differs between two books.
type FileChange struct {
	Name  string
	Added bool // the new book has it, the old one has not
	Gone  bool // the other way round
	Lines []Line
}

// Line is a line of a change: Mark is '+', '-', ' ', or '…' for lines left out between.
type Line struct {
	Mark rune
	Text string
}

// Diff returns the files in which two books differ, by name.
func Diff(before, after Book) []FileChange {
	names := slices.Concat(before.Names(), after.Names())
	slices.Sort(names)
	var list []FileChange
	for _, name := range slices.Compact(names) {
		a, had := before[name]
		b, has := after[name]
		if had && has && bytes.Equal(a, b) {
			continue
		}
		list = append(list, FileChange{Name: name, Added: !had, Gone: !has, Lines: lines(a, b)})
	}
	return list
}

// lines are what changed, with context around it.
func lines(a, b []byte) []Line {
	from, to := strings.Split(string(a), "\n"), strings.Split(string(b), "\n")
	head := 0
	for head < len(from) && head < len(to) && from[head] == to[head] {
		head++
	}
	tail := 0
	for tail < len(from)-head && tail < len(to)-head && from[len(from)-1-tail] == to[len(to)-1-tail] {
		tail++
	}
	all := marked(' ', from[:head])
	all = append(all, middle(from[head:len(from)-tail], to[head:len(to)-tail])...)
	return near(append(all, marked(' ', from[len(from)-tail:])...))
}

func marked(mark rune, texts []string) []Line {
	list := make([]Line, len(texts))
	for i, text := range texts {
		list[i] = Line{mark, text}
	}
	return list
}

// mostCells bounds the table of middle; what is larger is shown as taken out and put in.
const mostCells = 4_000_000

// middle is the shortest way from one list of lines to the other, by their longest common subsequence.
func middle(a, b []string) []Line {
	if len(a)*len(b) > mostCells {
		return append(marked('-', a), marked('+', b)...)
	}
	common := make([][]int, len(a)+1)
	for i := range common {
		common[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	var list []Line
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] == b[j]:
			list = append(list, Line{' ', a[i]})
			i, j = i+1, j+1
		case common[i+1][j] >= common[i][j+1]:
			list = append(list, Line{'-', a[i]})
			i++
		default:
			list = append(list, Line{'+', b[j]})
			j++
		}
	}
	return append(append(list, marked('-', a[i:])...), marked('+', b[j:])...)
}

// around is how many unchanged lines are shown on each side.
const around = 3

// near leaves out what lies far from any change.
func near(all []Line) []Line {
	keep := make([]bool, len(all))
	for i, l := range all {
		if l.Mark == ' ' {
			continue
		}
		for k := max(0, i-around); k <= min(len(all)-1, i+around); k++ {
			keep[k] = true
		}
	}
	var list []Line
	for i, l := range all {
		switch {
		case keep[i]:
			list = append(list, l)
		case len(list) > 0 && list[len(list)-1].Mark != '…':
			list = append(list, Line{Mark: '…'})
		}
	}
	if n := len(list); n > 0 && list[n-1].Mark == '…' {
		list = list[:n-1]
	}
	return list
}
