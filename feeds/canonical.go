package feeds

// CanonicalURL is the identity of an article's address.
func CanonicalURL(raw string) string { return raw }
