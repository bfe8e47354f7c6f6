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
// # The scripts
//
// selvedge.js is for any site. It needs no build step and nothing else, and has
// 7.5 KiB at most when it is compressed: scripts are served without their comment
// lines, and in one piece with those that they import. A page loads it by
// <script type="module">. Where htmx is loaded it does nothing. A page gives it what
// it gives htmx:
//
//   - forms and links with hx-post or hx-get are sent in the background, with
//     HX-Request and HX-Current-URL, and as multipart where there is a file. An
//     answer with HX-Redirect leads to another page; any other is HTML whose
//     top-level elements with an id and hx-swap-oob are swapped in. An element
//     whose data-revision is older than that of the page, in the same
//     data-epoch, is not. An equal one is swapped in, because another version of
//     its fragment may have written the same data differently. An answer with HX-Refresh, or with an element of another
//     data-epoch, is of another session than the page: the page loads itself again,
//     or says so if a person has typed into it. What has the focus stays. What a person typed or chose stays until it was sent with
//     success, and comes back if its field was removed and another with its id
//     comes. An element with an id that comes with hx-preserve leaves that of the
//     page as it is, and nothing but the answer changes a form whose request is
//     under way;
//   - requests to one address follow each other, and others do not wait for them.
//     What is sent twice before its answer is sent once, unless the form says
//     hx-sync="this:queue all": then each is sent, and at once;
//   - every POST has a header Idempotency-Key of its own. A form with a field
//     idempotencyKey says that the server does a thing once for each key. Then a
//     request without an answer, or with the status 502, 503 or 504, is sent once
//     more by itself, and one whose page is left is sent by the next page of the
//     tab;
//   - <div id="live" ws-connect="/live?page=TOKEN"> is connected: by WebSocket,
//     else by server-sent events, for which events.js is loaded, else by polling
//     that URL. A connection counts from the first sign of life: the answer pong to
//     the message ping, a comment or an event, an answer with Selvedge-Live. One
//     without it for 5 s, or for 2 s when it is asked for one, is given up. It is
//     asked when a person comes back to the page, and after a minute of silence.
//     Over HTTP/1.1 at most three pages of a browser have event streams, and
//     hidden pages give theirs back. Where a session has as many connections as it
//     may (close code 1013), hidden pages of the same browser give theirs back to
//     one that is shown; if there is still no room, that one polls. The element is replaced by messages that
//     bring a new TOKEN, with which the page connects from then on. A page that is outdated, by the close code 4001
//     or by Selvedge-Live, loads itself again, once in ten minutes at most. Where a
//     person has typed, it says so instead. Messages are HTML as
//     above. The query transport=sse or transport=poll of the page, and the select
//     with the id live-failure, make the transports before that one fail;
//   - stylesheets that come with an answer or a message are loaded once, and
//     scripts within it are run, unless the page has loaded them already;
//   - #live-status shows the state of the connection in its three children: an
//     element with role status, a button to reconnect and one to refresh. #notice
//     says what did not work: a message for each thing that a person did, named
//     by the label of what they pressed, which stays until it is dismissed or the
//     thing was done. The #notice of an answer becomes the text of such a message.
//     One with data-while="SELECTOR" in it ends when the page has had what that
//     selects, and has it no longer.
//
// # Events
//
// A site's own script takes part by listening to events, which bubble:
//
//   - selvedge:send, on a form or link whose request is about to be sent. Its
//     detail has data, the fields as FormData, which a listener may change;
//     follows, which is true if the answer to a request for the same address is
//     still open; saves, to which a listener adds fields of other forms that are
//     sent with this one, so that they are no longer taken for unsent when it
//     has succeeded; and guess. A listener that knows what the request will bring calls guess(draw): draw(set) then changes
//     the page by set(object, property, value) alone, such as set(line, "hidden",
//     true). selvedge.js calls draw again whenever the page has changed below it,
//     and takes back what draw has set when the answer is there. draw looks up its
//     elements each time, because they may be others.
//   - selvedge:answer, when the answer to such a request is in the page. Its detail
//     has address, and ok, which is false for a request that was not done. The
//     target is the form or link, or the document if that is no longer there.
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
//   - the events selvedge:send and selvedge:answer come before and after each.
//     Guesses are not drawn.
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
