package cms

import "okienko/validate/signature/sig"

func (m *Message) level(s *signer, c content, out *sig.Signature) {}
