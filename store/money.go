package store

import (
	"fmt"
	"strconv"
	"strings"
)

// Money is an amount in the minor unit of its currency (cents for EUR), so
// that sums are exact.
type Money struct {
	Amount   int64  `json:"amount"`   // minor units
	Currency string `json:"currency"` // ISO 4217 code
}

// Currency is the currency of every price in this shop, an ISO 4217 code.
const Currency = "EUR"

// Euro returns an amount of cents in the shop's currency.
func Euro(cents int64) Money { return Money{Amount: cents, Currency: Currency} }

// Times returns the price of n pieces.
func (m Money) Times(n int) Money {
	return Money{Amount: m.Amount * int64(n), Currency: m.Currency}
}

// Plus returns the sum. Both amounts must be of one currency.
func (m Money) Plus(other Money) Money {
	return Money{Amount: m.Amount + other.Amount, Currency: m.Currency}
}

// String prints the amount as a shop prints it: €1,234.50. A currency without
// a sign of its own stands as its code: CHF 1,234.50.
func (m Money) String() string {
	sign, amount := "", uint64(m.Amount)
	if m.Amount < 0 {
		sign, amount = "−", -amount
	}
	symbol, ok := map[string]string{"EUR": "€", "USD": "$", "GBP": "£"}[m.Currency]
	if !ok {
		symbol = m.Currency + " "
	}
	return fmt.Sprintf("%s%s%s.%02d", sign, symbol, groupThousands(amount/100), amount%100)
}

func groupThousands(n uint64) string {
	digits := strconv.FormatUint(n, 10)
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	return b.String()
}
