package store_test

import "testing"

func killHelper(t *testing.T) {}
