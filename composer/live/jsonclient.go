package live

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"selvedge/composer"
	"selvedge/hub"
	"selvedge/hub/jsonlive"
)

// jsonClient implements jsonlive.Client by a visitor of a site.
type jsonClient struct {
	site    *Site
	visitor *composer.Visitor
}

var _ jsonlive.Client = jsonClient{}

// Session returns the session of the connection's request.
func (c jsonClient) Session() string { return c.visitor.Session() }

// Look fetches a reference, and returns its view. The error is a *jsonlive.Error.
func (c jsonClient) Look(ctx context.Context, reference string) (hub.Shown, error) {
	view, rendered, err := c.visitor.Of(c.site.Composer()).View(ctx, reference, jsonlive.MediaType)
	if err != nil {
		return hub.Shown{}, lookError(err)
	}
	if len(rendered.Groups) == 1 { // the group of the source alone
		return hub.Shown{}, jsonlive.NoGroups()
	}
	return hub.Shown{
		View: jsonlive.NewView(view.Reference, view.Variant),
		ETag: rendered.ETag, Revision: rendered.Revision, Epoch: rendered.Epoch, Date: rendered.Date,
	}, nil
}

// lookError returns the error of a fetch for the client. It has no text of a fragment.
func lookError(err error) *jsonlive.Error {
	var malformed *composer.ReferenceError
	var unknown *composer.VersionError
	var refused *composer.RefusedError
	status := composer.StatusOf(err)
	switch {
	case errors.As(err, &refused):
		return jsonlive.Refused(refused.Status)
	case errors.As(err, &malformed):
		return &jsonlive.Error{Status: status, Detail: fmt.Sprintf("The reference is malformed: %s.", malformed.Reason)}
	case errors.As(err, &unknown):
		return &jsonlive.Error{Status: status, Detail: "No fragment of this site has the name and version."}
	case status == http.StatusGatewayTimeout:
		return &jsonlive.Error{Status: status, Detail: "The fragment has not answered in time."}
	}
	return &jsonlive.Error{Status: status, Detail: "The fragment does not answer at the moment."}
}
