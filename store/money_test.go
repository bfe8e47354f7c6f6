package store

import (
	"math"
	"testing"
)

func TestMoneyString(t *testing.T) {
	for _, tt := range []struct {
		money Money
		want  string
	}{
		{Euro(0), "€0.00"},
		{Euro(5), "€0.05"},
		{Euro(490), "€4.90"},
		{Euro(99_999), "€999.99"},
		{Euro(123_450), "€1,234.50"},
		{Euro(123_456_789), "€1,234,567.89"},
		{Euro(-5), "−€0.05"},
		{Euro(-123_450), "−€1,234.50"},
		{Money{123_450, "USD"}, "$1,234.50"},
		{Money{123_450, "GBP"}, "£1,234.50"},
		{Money{123_450, "CHF"}, "CHF 1,234.50"},
		{Money{-50, "CHF"}, "−CHF 0.50"},
		{Euro(math.MaxInt64), "€92,233,720,368,547,758.07"},
		{Euro(math.MinInt64), "−€92,233,720,368,547,758.08"},
	} {
		if got := tt.money.String(); got != tt.want {
			t.Errorf("Money{%d, %q}.String() = %q; want %q", tt.money.Amount, tt.money.Currency, got, tt.want)
		}
	}
}

func TestCartSums(t *testing.T) {
	line := func(cents int64, quantity int) Line {
		return Line{Product: Product{Price: Euro(cents)}, Quantity: quantity}
	}
	for _, tt := range []struct {
		name                      string
		lines                     []Line
		count                     int
		subtotal, shipping, total int64
	}{
		{"An empty cart costs nothing.", nil, 0, 0, 0, 0},
		{"Shipping is paid below the limit.", []Line{line(2499, 2), line(1, 1)}, 3, 4999, 490, 5489},
		{"Shipping is free from the limit.", []Line{line(2500, 2)}, 2, 5000, 0, 5000},
		{"What costs nothing is shipped for money.", []Line{line(0, 1)}, 1, 0, 490, 490},
	} {
		c := Cart{Lines: tt.lines}
		if c.Count() != tt.count || c.Subtotal() != Euro(tt.subtotal) || c.Shipping() != Euro(tt.shipping) || c.Total() != Euro(tt.total) {
			t.Errorf("%s %d pieces, %v + %v = %v; want %d, %v + %v = %v", tt.name,
				c.Count(), c.Subtotal(), c.Shipping(), c.Total(),
				tt.count, Euro(tt.subtotal), Euro(tt.shipping), Euro(tt.total))
		}
	}
}
