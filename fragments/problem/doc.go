// Package problem has the errors of HTTP handlers with their responses (RFC 9457), and the
// strict reading of requests that returns them. A handler returns a [*Problem] with a
// status and a sentence for a person, and its caller writes the response:
//
//	func handle(w http.ResponseWriter, r *http.Request) error {
//		var in struct {
//			Quantity int `json:"quantity"`
//		}
//		if err := problem.Decode(w, r, &in); err != nil {
//			return err // a *Problem with status 400, 413, 415 or 422
//		}
//		if in.Quantity < 1 {
//			return &problem.Problem{Status: 422, Detail: "Choose at least one piece."}
//		}
//		...
//	}
//
// A program gets [Problem.JSON], a person [Problem.Section], by [AcceptWeights]. The
// functions Error of package fragments and of composer/server write both.
package problem
