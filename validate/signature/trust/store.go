// Package trust owns what an office trusts: trusted lists (ETSI TS 119 612), anchors it configures itself, certificate paths,
// revocation data at hand, and the judgement of ETSI EN 319 102-1 over a signature whose cryptography is already known. It
// never goes to the network: lists, anchors and revocation lists are files somebody imported. It refuses to know any file
// format of signatures. Read package signature next, which turns verdicts into reports.
package trust

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"sort"
	"strings"
	"time"

	"okienko/validate/signature/keys"
)

// Purpose is what an anchor may vouch for; it is the directory the anchor lies in.
type Purpose string

// The purposes. Certificates at the top of the directory vouch for whatever a signature claims to be.
const (
	AnyPurpose Purpose = ""
	Qualified  Purpose = "qualified" // kwalifikowany
	Seal       Purpose = "trusted"   // the minister's seal of podpis zaufany
	Personal   Purpose = "personal"  // podpis osobisty: the CA of the e-ID, which is on no European list
	Advanced   Purpose = "advanced"
	Stamps     Purpose = "timestamps"
	Signers    Purpose = "signers" // not anchors: who may sign lists
)

// Anchor is a certificate the office trusts by its own decision.
type Anchor struct {
	Certificate *keys.Certificate
	Purpose     Purpose
	Name        string // of its file
}

// Store is all trust data. It does not change after New and may be used by several goroutines.
type Store struct {
	Anchors []Anchor
	Lists   []*List
	Others  []*keys.Certificate // intermediate certificates: help to build paths, trusted for nothing
	CRLs    [][]byte            // imported revocation lists, DER
	OCSPs   [][]byte            // imported answers about single certificates, DER
	pinned  []*keys.Certificate
	damaged []string               // files left out, and why
	issuers map[string][]Authority // by raw subject
}

// Authority is a certificate that may end a path, and why.
type Authority struct {
	Certificate *keys.Certificate
	Anchor      *Anchor  // nil for a service of a trusted list
	List        *List    //
	Service     *Service //
}

// Describe names the list or the anchor, for the record of what a judgement rests on.
func (a Authority) Describe() string {
	if a.List != nil {
		return a.List.Title()
	}
	return a.Anchor.describe()
}

func (a Anchor) describe() string {
	f := a.Certificate.Fingerprint()
	return fmt.Sprintf("anchor %s (SHA-256 %x)", a.Name, f[:8])
}

// maxFile bounds one file of trust data; the largest lists are about 6 MB.
const maxFile = 64 << 20

// Load reads a directory of trust data:
//
//	*.pem *.crt *.cer *.der             anchors for every purpose
//	qualified/ trusted/ personal/ advanced/ timestamps/   anchors for that purpose only
//	signers/                            certificates that may sign the trusted lists beside them
//	*.xml, lists/*.xml                  trusted lists
//	*.crl, crls/*.crl                   revocation lists
//	ocsp/*.ocsp                         answers about single certificates
//
// Everything else, private keys included, is left alone. A file of these names that cannot be read is an error.
func Load(dir fs.FS) (*Store, error) {
	files, err := readAll(dir)
	if err != nil {
		return nil, err
	}
	return New(files)
}

// LoadReadable is Load for who must go on: a file that cannot be read is left out and named by Warnings. What it would have
// vouched for is then undecided, never trusted.
func LoadReadable(dir fs.FS) (*Store, error) {
	files, err := readAll(dir)
	if err != nil {
		return nil, err
	}
	return build(files, func(s *Store, err error) error {
		s.damaged = append(s.damaged, err.Error()+"; not used")
		return nil
	})
}

func readAll(dir fs.FS) (map[string][]byte, error) {
	files := map[string][]byte{}
	err := fs.WalkDir(dir, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !known(p) {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if info.Size() > maxFile {
			return fmt.Errorf("%s: %d octets, at most %d are read", p, info.Size(), maxFile)
		}
		files[p], err = fs.ReadFile(dir, p)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("loading trust data: %w", err)
	}
	return files, nil
}

func known(p string) bool {
	switch strings.ToLower(path.Ext(p)) {
	case ".pem", ".crt", ".cer", ".der", ".xml", ".crl", ".ocsp":
		return true
	}
	return false
}

// New makes a store of files by their slash-separated names, as Load describes.
func New(files map[string][]byte) (*Store, error) {
	return build(files, func(_ *Store, err error) error { return err })
}

// build asks unreadable about each file that cannot be read; an error ends it.
func build(files map[string][]byte, unreadable func(*Store, error) error) (*Store, error) {
	s := &Store{issuers: map[string][]Authority{}}
	names := make([]string, 0, len(files))
	for n := range files {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		if err := s.add(n, files[n]); err != nil {
			if err = unreadable(s, fmt.Errorf("trust data %s: %w", n, err)); err != nil {
				return nil, err
			}
		}
	}
	s.authenticate()
	s.index()
	return s, nil
}

func (s *Store) add(name string, raw []byte) error {
	switch strings.ToLower(path.Ext(name)) {
	case ".xml":
		l, err := ParseList(raw)
		if err != nil {
			return err
		}
		s.Lists = append(s.Lists, l)
		return nil
	case ".crl":
		if p, _ := pem.Decode(raw); p != nil {
			raw = p.Bytes
		}
		if _, err := x509.ParseRevocationList(raw); err != nil {
			return fmt.Errorf("not a revocation list: %w", err)
		}
		s.CRLs = append(s.CRLs, raw)
		return nil
	case ".ocsp":
		s.OCSPs = append(s.OCSPs, raw) // judged where it is used: only its authority can tell an answer from junk
		return nil
	}
	certs, err := certificates(raw)
	if err != nil {
		return err
	}
	purpose := Purpose(path.Dir(name))
	switch purpose {
	case ".":
		purpose = AnyPurpose
	case Qualified, Seal, Personal, Advanced, Stamps:
	case Signers:
		s.pinned = append(s.pinned, certs...)
		return nil
	default:
		return fmt.Errorf("directory %q: allowed are qualified, trusted, personal, advanced, timestamps, signers, lists, crls", purpose)
	}
	for _, c := range certs {
		if purpose == AnyPurpose && !c.IsCA() && !selfSigned(c) {
			s.Others = append(s.Others, c) // a leaf beside its CA is no anchor
			continue
		}
		s.Anchors = append(s.Anchors, Anchor{Certificate: c, Purpose: purpose, Name: name})
	}
	return nil
}

// certificates reads PEM or DER; a PEM file without certificate (a private key) yields none.
func certificates(raw []byte) ([]*keys.Certificate, error) {
	if !strings.Contains(string(raw[:min(len(raw), 4096)]), "-----BEGIN ") {
		c, err := keys.ParseCertificate(raw)
		if err != nil {
			return nil, err
		}
		return []*keys.Certificate{c}, nil
	}
	var all []*keys.Certificate
	for {
		var p *pem.Block
		if p, raw = pem.Decode(raw); p == nil {
			return all, nil
		}
		if p.Type != "CERTIFICATE" {
			continue
		}
		c, err := keys.ParseCertificate(p.Bytes)
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
}

func selfSigned(c *keys.Certificate) bool {
	return string(c.RawIssuer) == string(c.RawSubject)
}

// authenticate decides which lists may be used. A list of lists is authentic when a pinned signer signed it, or whom an earlier
// authentic list of lists names for the next (the pivots of the Commission); the newest of them alone says who signs the
// national lists, so a signer it no longer names vouches for nothing.
func (s *Store) authenticate() {
	for _, l := range s.Lists {
		l.Authentic = among(l.SignedBy, s.pinned)
	}
	for range s.Lists { // each round reaches one pivot more
		for _, lotl := range s.Lists {
			for _, l := range s.Lists {
				if lotl.Authentic && lotl.succeeded(l) {
					l.Authentic = true
				}
			}
		}
	}
	if lotl := s.listOfLists(); lotl != nil {
		for _, l := range s.Lists {
			l.Authentic = l.Authentic || lotl.vouches(l)
		}
	}
}

// listOfLists is the newest authentic one, nil if there is none.
func (s *Store) listOfLists() *List {
	var best *List
	for _, l := range s.Lists {
		if l.Authentic && l.OfLists && (best == nil || l.Sequence > best.Sequence) {
			best = l
		}
	}
	return best
}

// Vouches reports whether the data in s makes l authentic: whether it may be imported.
func (s *Store) Vouches(l *List) bool {
	if among(l.SignedBy, s.pinned) {
		return true
	}
	for _, lotl := range s.Lists {
		if lotl.Authentic && lotl.succeeded(l) {
			return true
		}
	}
	lotl := s.listOfLists()
	return lotl != nil && lotl.vouches(l)
}

func among(c *keys.Certificate, list []*keys.Certificate) bool {
	for _, k := range list {
		if c.Equal(k) {
			return true
		}
	}
	return false
}

func (s *Store) index() {
	enter := func(a Authority) {
		k := string(a.Certificate.RawSubject)
		s.issuers[k] = append(s.issuers[k], a)
	}
	for i := range s.Anchors {
		enter(Authority{Certificate: s.Anchors[i].Certificate, Anchor: &s.Anchors[i]})
	}
	for _, l := range s.newest() {
		for i := range l.Services {
			for _, c := range l.Services[i].Certificates {
				enter(Authority{Certificate: c, List: l, Service: &l.Services[i]})
			}
		}
	}
}

// newest are the authentic lists, of each territory the one with the highest sequence number.
func (s *Store) newest() []*List {
	best := map[string]*List{}
	for _, l := range s.Lists {
		if l.Authentic && (best[l.Territory] == nil || l.Sequence > best[l.Territory].Sequence) {
			best[l.Territory] = l
		}
	}
	var all []*List
	for _, l := range best {
		all = append(all, l)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].Territory < all[j].Territory })
	return all
}

// Warnings lists, in English, what an administrator should know about the trust data at t: lists nobody vouches for, lists
// that should have been replaced, files that cannot be read.
func (s *Store) Warnings(t time.Time) []string {
	all := slices.Clone(s.damaged)
	for _, l := range s.Lists {
		switch {
		case l.SignedBy == nil:
			all = append(all, l.Title()+": its signature does not hold; not used")
		case !l.Authentic:
			all = append(all, l.Title()+": signed by nobody in signers/ or in the list of lists; not used")
		case l.Expired(t):
			all = append(all, l.Title()+": should have been replaced by "+l.NextUpdate.Format(time.DateOnly))
		}
	}
	for _, r := range s.revocationLists() {
		if !r.NextUpdate.IsZero() && t.After(r.NextUpdate) {
			all = append(all, "revocation list of "+r.Issuer.String()+": should have been replaced by "+r.NextUpdate.UTC().Format(time.RFC3339)+
				"; signatures received since then stay undecided")
		}
	}
	return all
}

// revocationLists are the imported ones that can be read.
func (s *Store) revocationLists() []*x509.RevocationList {
	var all []*x509.RevocationList
	for _, raw := range s.CRLs {
		if r, err := x509.ParseRevocationList(raw); err == nil {
			all = append(all, r)
		}
	}
	return all
}

// Describe names the data judgements rest on.
func (s *Store) Describe() []string {
	var all []string
	for _, l := range s.newest() {
		all = append(all, l.Title())
	}
	for _, a := range s.Anchors {
		all = append(all, a.describe())
	}
	return all
}

var errNoPath = errors.New("no path to anything trusted")
