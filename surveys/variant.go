package surveys

// Variant is which of two texts somebody read before they answered. Chance assigns it, anew for each page that is opened,
// and nothing but the page and then the response remembers it.
type Variant uint8

const (
	NoVariant Variant = iota // they read neither, or nobody knows which
	VariantA
	VariantB
)

// Variants lists the two that are tried, and NoVariant last: together they are everybody.
func Variants() [3]Variant { return [3]Variant{VariantA, VariantB, NoVariant} }

// VariantField names the form field, and the part of an address, that carries a variant.
const VariantField = "variant"

// String is how forms and files write a variant: "a", "b", or nothing.
func (v Variant) String() string {
	switch v {
	case VariantA:
		return "a"
	case VariantB:
		return "b"
	}
	return ""
}

// ParseVariant reads what String writes of one of the two.
func ParseVariant(text string) (v Variant, ok bool) {
	switch text {
	case "a":
		return VariantA, true
	case "b":
		return VariantB, true
	}
	return NoVariant, false
}
