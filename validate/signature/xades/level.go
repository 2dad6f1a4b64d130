package xades

func (s *signature) level() {}
