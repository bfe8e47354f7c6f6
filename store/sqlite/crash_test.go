package sqlite_test

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"selvedge/store"
	"selvedge/store/sqlite"
)

// shopEnv makes the test binary keep a shop in the database that it names,
// until it is killed.
const shopEnv = "SELVEDGE_TEST_SHOP"

const (
	crashProducts = 5
	crashStock    = 100_000
)

// keepShop buys in several carts at once, without end, and prints each order
// when it is confirmed.
func keepShop(path string) {
	s, err := sqlite.Open(context.Background(), path)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	lines := make(chan string)
	for i := range 4 {
		go shop(s, fmt.Sprintf("cart%d-of-%d", i, os.Getpid()), lines)
	}
	for line := range lines {
		fmt.Println(line)
	}
}

func shop(s *store.Store, cartID string, lines chan<- string) {
	ctx := context.Background()
	for n := range crashStock {
		id := int64(1 + n%crashProducts)
		_, err := s.Add(ctx, cartID, fmt.Sprint("add", n), id, 1+n%3)
		if err == nil {
			_, err = s.Add(ctx, cartID, "", id%crashProducts+1, 1)
		}
		var order store.Order
		if err == nil {
			order, err = s.Checkout(ctx, cartID, fmt.Sprint("checkout", n), store.Seen{Version: store.AnyVersion}, store.Customer{})
		}
		if err != nil {
			lines <- "failed: " + err.Error()
			return
		}
		lines <- cartID + " " + order.ID
	}
}

func TestNothingIsLostOrHalfDoneAfterAKill(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shop.db")
	s := open(t, path)
	products := slices.Collect(generate(crashProducts))
	for i := range products {
		products[i].Stock = crashStock
	}
	if _, err := s.Fill(t.Context(), slices.Values(products)); err != nil {
		t.Fatal(err)
	}
	var confirmed []string
	for round := range 5 {
		confirmed = append(confirmed, killShop(t, path, 20+30*round)...)
		checkShop(t, path, confirmed)
	}
}

// killShop keeps a shop in another process, kills it after so many orders, and
// returns all that it has confirmed.
func killShop(t *testing.T, path string, orders int) []string {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), shopEnv+"="+path)
	output, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	var confirmed []string
	scanner := bufio.NewScanner(output)
	for scanner.Scan() {
		confirmed = append(confirmed, scanner.Text())
		if len(confirmed) == orders {
			if err := child.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := child.Wait(); err == nil || len(confirmed) < orders {
		t.Fatalf("the shop ended by itself: %v, %q", err, confirmed)
	}
	return confirmed
}

// checkShop opens the database anew and looks for what a kill must not do.
func checkShop(t *testing.T, path string, confirmed []string) {
	t.Helper()
	s := open(t, path)
	for _, line := range confirmed {
		cartID, orderID, _ := strings.Cut(line, " ")
		order, err := s.Order(t.Context(), cartID, orderID)
		if err != nil || len(order.Lines) != 2 {
			t.Errorf("confirmed order %q: %v, %d lines; want 2", line, err, len(order.Lines))
		}
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for _, tt := range []struct{ query, want string }{
		{"PRAGMA integrity_check", "ok"},
		{"SELECT COUNT(*) FROM pragma_foreign_key_check", "0"},
		{"SELECT COUNT(*) FROM orders WHERE (SELECT COUNT(*) FROM order_lines WHERE order_id = id) <> 2", "0"},
		{fmt.Sprintf(`SELECT COUNT(*) FROM products WHERE stock + (
			SELECT SUM(quantity) FROM order_lines WHERE product_id = id) <> %d`, crashStock), "0"},
		{"SELECT COUNT(*) FROM requests WHERE key LIKE 'checkout%' AND order_id IS NULL", "0"},
	} {
		var got string
		if err := db.QueryRowContext(t.Context(), tt.query).Scan(&got); err != nil || got != tt.want {
			t.Errorf("%s = %q, %v; want %q", tt.query, got, err, tt.want)
		}
	}
}
