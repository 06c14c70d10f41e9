package telegramtest

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// param is one parameter of a request.
type param struct {
	raw    string // a form value, or JSON text when native is set
	native bool   // came in a JSON body: its type is visible
	file   bool   // an uploaded file; raw is its name
}

// validate returns what breaks the schema, in the order of the field names.
func validate(method string, params map[string]param) []string {
	fields := botAPI().methods[method]
	var problems []string
	for _, name := range slices.Sorted(maps.Keys(params)) {
		f, ok := fields[name]
		if !ok {
			problems = append(problems, fmt.Sprintf("%s has no field %q", method, name))
			continue
		}
		problems = append(problems, checkParam(method+"."+name, f, params[name])...)
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if _, ok := params[name]; fields[name].required && !ok {
			problems = append(problems, fmt.Sprintf("%s lacks the required field %q", method, name))
		}
	}
	return problems
}

func checkParam(path string, f field, p param) []string {
	if p.file {
		if !slices.Contains(f.types, "InputFile") {
			return []string{path + " cannot be a file"}
		}
		return nil
	}
	if p.native {
		return checkJSON(path, f, p.raw)
	}
	for _, t := range f.types {
		switch t {
		case "String":
			return checkEnum(path, p.raw)
		case "Integer":
			if _, err := strconv.ParseInt(p.raw, 10, 64); err == nil {
				return nil
			}
		case "Boolean":
			if p.raw == "true" || p.raw == "false" {
				return nil
			}
		case "InputFile":
		default:
			return checkJSON(path, f, p.raw)
		}
	}
	return []string{fmt.Sprintf("%s is %q, not %s", path, clip(p.raw), strings.Join(f.types, " or "))}
}

func checkJSON(path string, f field, raw string) []string {
	var v any
	d := json.NewDecoder(strings.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		return []string{fmt.Sprintf("%s is no JSON: %s", path, clip(raw))}
	}
	if s, ok := v.(string); ok && !slices.Contains(f.types, "String") && isContainer(f.types[0]) {
		return checkJSON(path, f, s) // an object may also arrive as a string of JSON
	}
	return checkValue(path, f.types, v)
}

func isContainer(t string) bool {
	return strings.HasPrefix(t, "Array of ") || botAPI().objects[t] != nil
}

func checkValue(path string, types []string, v any) []string {
	var problems []string
	for _, t := range types {
		if problems = checkType(path, t, v); problems == nil {
			return nil
		}
		if obj, ok := v.(map[string]any); ok && hasRequired(t, obj) {
			return problems // it is meant to be this one
		}
	}
	if len(types) > 1 {
		return []string{fmt.Sprintf("%s is %s, not %s", path, describe(v), strings.Join(types, " or "))}
	}
	return problems
}

func hasRequired(object string, v map[string]any) bool {
	fields, ok := botAPI().objects[object]
	if !ok {
		return false
	}
	for name, f := range fields {
		if _, there := v[name]; f.required && !there {
			return false
		}
	}
	return true
}

func checkType(path, t string, v any) []string {
	wrong := []string{fmt.Sprintf("%s is %s, not %s", path, describe(v), t)}
	if elem, ok := strings.CutPrefix(t, "Array of "); ok {
		list, ok := v.([]any)
		if !ok {
			return wrong
		}
		var problems []string
		for i, one := range list {
			problems = append(problems, checkType(fmt.Sprintf("%s[%d]", path, i), elem, one)...)
		}
		return problems
	}
	switch t {
	case "String":
		if s, ok := v.(string); ok {
			return checkEnum(path, s)
		}
	case "Boolean":
		if _, ok := v.(bool); ok {
			return nil
		}
	case "Integer":
		if n, ok := v.(json.Number); ok {
			if _, err := n.Int64(); err == nil {
				return nil
			}
		}
	default:
		if obj, ok := v.(map[string]any); ok && botAPI().objects[t] != nil {
			return checkObject(path, t, obj)
		}
	}
	return wrong
}

func checkObject(path, t string, v map[string]any) []string {
	if byType, ok := variants[t]; ok {
		kind, _ := v["type"].(string)
		if byType[kind] == "" {
			return []string{fmt.Sprintf("%s: no %s has type %q", path, t, kind)}
		}
		t = byType[kind]
	}
	fields := botAPI().objects[t]
	var problems []string
	for _, name := range slices.Sorted(maps.Keys(v)) {
		f, ok := fields[name]
		if !ok {
			problems = append(problems, fmt.Sprintf("%s: %s has no field %q", path, t, name))
			continue
		}
		found := checkValue(path+"."+name, f.types, v[name])
		if s, ok := v[name].(string); ok && found == nil {
			found = enumProblem(t+"."+name, path+"."+name, s)
		}
		problems = append(problems, found...)
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if _, ok := v[name]; fields[name].required && !ok {
			problems = append(problems, fmt.Sprintf("%s: %s lacks the required field %q", path, t, name))
		}
	}
	return problems
}

func checkEnum(path, value string) []string { return enumProblem(path, path, value) }

func enumProblem(key, path, value string) []string {
	if allowed, ok := enums[key]; ok && value != "" && !slices.Contains(allowed, value) {
		return []string{fmt.Sprintf("%s is %q, not one of %s", path, clip(value), strings.Join(allowed, ", "))}
	}
	return nil
}

func describe(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		return strconv.Quote(clip(v))
	case bool, json.Number:
		return fmt.Sprint(v)
	case []any:
		return "an array"
	}
	return "an object"
}

func clip(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}
