//go:build race

package sandbox

// raceDetector: it maps terabytes of shadow memory, so a child under it cannot live with RLIMIT_DATA.
const raceDetector = true
