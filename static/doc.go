// Package static serves the scripts of pages, and the pictures that package picture
// draws.
//
//	http.Handle("/static/", static.Handler())
//	fmt.Fprintf(w, `<script type="module" src="%s"></script>`, static.URL("selvedge.js"))
//	fmt.Fprintf(w, `<img src="%s" alt="A mug">`, static.PictureURL("mug.moss.stripe.17.front"))
//
// # Names
//
// Every URL has a hash: of its own bytes for a file, as in
// /static/selvedge.3f9a1c04d2.js, and of the drawing code for pictures, as in
// /static/pictures/81b2c49e05/mug.moss.stripe.17.front.svg. A changed file gets
// another URL. Package assets says how files are served. Pictures are served in the
// same way, except that the hash of another build is a 404. A picture has a
// Content-Security-Policy of its own, which forbids it to load or run anything when it
// is opened alone.
//
// # selvedge.js
//
// selvedge.js is for any site. A page loads it by <script type="module">. It needs no
// build step and no other script, and has 7.5 KiB at most when compressed: scripts are
// served without their comments, and in one piece with the scripts that they import.
// Where htmx is loaded, selvedge.js does nothing. A page gives it the attributes of htmx.
//
// # Swaps
//
// An answer or a live message is HTML. Each top-level element with an id and hx-swap-oob
// is swapped in, except in these cases:
//
//   - Its data-revision is smaller than that of the page, in the same data-epoch.
//   - Its data-revision is equal, or both have none, it comes with an answer or a poll,
//     and a push has replaced the element of the page since the request was sent.
//   - A listener has prevented selvedge:message.
//
// A data-revision is optional. Pages recognize an older rendering by it, because pushes
// and answers cross each other. A push with an equal revision is shown: a revision may
// count comments, whose texts change too, and markup changes without data.
//
// A swap keeps
//
//   - the focus;
//   - typed text and choices, until they were sent with success. They come back if their
//     field was removed and another with its id comes;
//   - an element with an id that comes with hx-preserve;
//   - a form whose request is under way, until its answer.
//
// Stylesheets are loaded once, and scripts are run once. The #notice of an answer becomes
// the text of a message in the #notice of the page. A message has the label of the
// pressed control, and stays until it is dismissed or the thing was done. A message with
// data-while="SELECTOR" in it ends when the selected element has come and is gone again.
//
// # Requests
//
// Forms and links with hx-post or hx-get are sent in the background, with HX-Request and
// HX-Current-URL, and as multipart where there is a file.
//
//   - An answer with HX-Redirect leads to another page. An answer with HX-Refresh, or
//     with an element of another data-epoch, is of another session than the page: the
//     page loads itself again, or says so if a person has typed into it.
//   - Requests to one address follow each other. Equal requests of a form are sent once
//     until the answer. With hx-sync="this:queue all" all requests are sent, at once.
//   - Every POST has an Idempotency-Key of its own. A form with a field idempotencyKey
//     says that the server does a thing once for each key: its request is sent once more
//     without an answer, or with the status 502, 503 or 504. If the page is left, the
//     next page of the tab sends it.
//   - While a file is sent, the first <progress> of its form is filled in, or the one
//     with the attribute data-upload. It is as before when the answer is there.
//
// # The live connection
//
// <div id="live" ws-connect="/live?page=TOKEN"> is connected: by WebSocket, else by
// server-sent events, else by polling that URL. Messages that replace the element bring
// the TOKEN of the next connection.
//
//   - A connection counts from the first sign of life: the answer pong to the message
//     ping, a comment or an event, an answer with Selvedge-Live. After 5 s without a
//     sign, or 2 s after asking for one, the connection is given up. The script asks
//     when a person comes back to the page, and after a minute of silence.
//   - Over HTTP/1.1 at most three pages of a browser have event streams, and hidden
//     pages give theirs back. Where a session has as many connections as it may (close
//     code 1013), a hidden page gives its connection to a shown page, which polls if
//     there is none.
//   - A page that is outdated, by the close code 4001 or by Selvedge-Live, loads itself
//     again, once in ten minutes at most. Where a person has typed, it says so instead.
//   - The message of hub.Hub.Reload, a #live with data-reload, loads the page again. The
//     browser keeps the scroll position, and what was typed into fields with an id comes
//     back.
//   - The query transport=sse or transport=poll of the page, and the select with the id
//     live-failure, make the transports before that one fail.
//   - #live-status shows selvedge:state in its three children: an element with role
//     status, a button to reconnect and one to refresh.
//
// # Events
//
// Scripts of the site take part by events, which bubble. /static/selvedge.d.ts declares
// their details for TypeScript.
//
//   - selvedge:message, before an element of a live message is swapped in: on the element
//     with its id, or on the body. The groups are those of its attribute data-groups,
//     separated by spaces. A listener may change the element; preventDefault leaves the
//     page as it is.
//   - selvedge:swapped, on an element that was swapped in, by a push, a poll or an answer.
//   - selvedge:state, on the document, when the live connection has another state or
//     transport.
//   - selvedge:send, on a form or link whose request is about to be sent. A listener
//     that knows what the request will bring calls guess(draw): draw(set) then changes
//     the page by set(object, property, value) alone, such as set(line, "hidden", true).
//     draw is called again whenever the page has changed below it, and its changes are
//     taken back when the answer is there. It looks up its elements each time, because
//     swaps may replace them.
//   - selvedge:progress, on a form whose file is being sent.
//   - selvedge:error, on the form or link of a request that failed, or on the document
//     if an element cannot be swapped in or the form is no longer there.
//   - selvedge:answer, when the answer to a request is in the page, where selvedge:error
//     would be.
//
// # Beside htmx
//
// htmx replaces elements without a look at what they show, and does not know what
// became of a request without an answer. htmx-guard.js, of 4.75 KiB at most, is for
// pages that load htmx 2 or 4, and does nothing else. A page loads it by
// <script type="module">. With it,
//
//   - an element is not replaced by one with the same data-epoch and an older
//     data-revision, so that a late answer does not take back a push, nor by one
//     that is the same;
//   - stylesheets that the page has, and scripts with a src that it has run, are
//     not loaded again;
//   - a field with an id into which a person has typed stays until its form is
//     sent with success, and a form with an id while its request is under way. What
//     was pushed for the form meanwhile takes its place afterwards;
//   - a focus that was in what is replaced goes to what has its label or its link,
//     or to the element around.
//
// Requests by POST, PUT, PATCH or DELETE are sent by htmx as under selvedge.js, with
// these parts of it:
//
//   - every request has an Idempotency-Key of its own;
//   - those to one address follow each other, and hx-sync="this:queue all" has each
//     sent at once. htmx sends what does not go at once by a <template> beside the
//     form, with the attributes of the form that begin with hx-;
//   - one without an answer for 12 s, or with the status 502, 503 or 504, is sent
//     once more by itself if it has a field idempotencyKey. Another time-out is said
//     by hx-request or hx-config;
//   - #notice says what did not work, and the #notice of an answer becomes such a
//     message;
//   - the events selvedge:send, selvedge:error and selvedge:answer come before and
//     after each. Guesses are not drawn.
//
// Requests by GET, what is kept when a page is left, and the state of the live
// connection are left to htmx.
//
// # The shop's script
//
// shop.js is the part of the shop's own pages, of 3 KiB at most. It removes a note
// about the cart when the animation of its style is over, and loads changes.js, of
// 1 KiB at most, where there is a live connection. That says to screen readers, at
// most once in five seconds, what others change:
//
//   - the product of the page, or the one with the focus, is sold out;
//   - there is less of something than the cart of the page wants;
//   - the cart was changed elsewhere: its version is higher than that of the last
//     note.
//
// Other scripts of the shop hear of swaps, in the words of the JSON protocol:
//
//   - cart-updated, on the element of the cart in the header, with version and count;
//   - inventory-updated, on the stock of a product, with productId and inStock.
//
// Both have the source of selvedge:swapped.
//
// The quantities
// of a cart save themselves: after a pause of 400 ms in typing or in pressing −
// and +, with the Enter key, on leaving the field or the page, and before an
// order. The form that adds to the cart counts at once, in the elements with
// data-pieces. A form with
// data-line="ID" changes the quantity of a line of a cart, to the field quantity
// or, with _method=DELETE, to nothing. Until the answer is there, the script
// counts with the line's data-quantity, and shows sums in its elements with
// data-cents and the count in those with data-pieces; the sums of the cart are
// dimmed, and the order waits. After an order that was
// refused, it gives the focus to the first field that a message names by
// data-field="ID", and it drops such a message when something else is typed. A link to a picture of a product shows it in a dialog, for which
// shop.js loads picture.js.
//
// awaited.js, of 0.75 KiB at most, which shop.js loads where it is needed, follows a main part that is not in its page yet:
// an element of the class awaited in #main. If that has a .loading, its place is
// taken after 10 s by what a template in it says. When an element with the same id,
// and without the class, is there, its data-title becomes the title of the page, and
// screen readers are told. shop.js sets the cookie scripts=1, by which the shell knows
// that a page may begin without its main part.
//
// A form with data-suggest="URL" has suggestions for its search field: when that gets
// the focus, shop.js loads search.js, of 1.5 KiB at most, which asks URL?q=TEXT and
// shows the elements with role="option" of the answer in a list below the field. The
// arrow keys choose one, the Enter key or a click follows its link, and Escape closes
// the list.
package static
