"""The tests of the fragment noname: python3 -m unittest"""

import http.client
import re
import threading
import unittest
import urllib.parse

import server


class TestFragment(unittest.TestCase):
    def setUp(self):
        server.notes.clear()
        server.Fragment.log_message = lambda *_: None
        self.server = server.serve(0)
        thread = threading.Thread(target=self.server.serve_forever, args=[0.01])
        thread.start()
        self.connection = http.client.HTTPConnection(*self.server.server_address)
        self.addCleanup(thread.join)
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        self.addCleanup(self.connection.close)

    def send(self, method, path, body=None, **header):
        """Returns the response and its text."""
        self.connection.request(method, path, body, {name.replace("_", "-"): value for name, value in header.items()})
        response = self.connection.getresponse()
        return response, response.read().decode()

    def post(self, path, note):
        """Sends the form from the page /blog."""
        return self.send("POST", path, urllib.parse.urlencode({"note": note}), Referer="http://localhost/blog")

    def test_a_note_is_added_by_the_form(self):
        before, body = self.send("GET", "/list")
        form, _ = self.post(re.search('action="([^"]+)"', body)[1], "Tea & <b>cake</b>")
        self.assertEqual((form.status, form.headers["Location"]), (303, "/blog"))
        after, body = self.send("GET", "/list")
        self.assertIn("<li>Tea &amp; &lt;b&gt;cake&lt;/b&gt;</li>", body)
        self.assertEqual(form.headers["Cache-Group-Invalidation"], after.headers["Cache-Groups"])
        self.assertNotEqual(before.headers["ETag"], after.headers["ETag"])

    def test_the_list_is_shared_and_validated(self):
        first, _ = self.send("GET", "/list")
        self.assertIn("s-maxage", first.headers["Cache-Control"])
        second, body = self.send("GET", "/list", If_None_Match=first.headers["ETag"])
        self.assertEqual((second.status, body), (304, ""))

    def test_the_stylesheet_is_served(self):
        response, _ = self.send("GET", "/list")
        style, body = self.send("GET", re.match("<(.+)>; rel=preload; as=style", response.headers["Link"])[1])
        self.assertEqual(style.status, 200)
        self.assertIn("#fragment-" + server.NAME, body)

    def test_an_empty_note_is_refused(self):
        for note in " ", "a" * (server.MAX_NOTE + 1):
            response, body = self.post("/add", note)
            self.assertEqual((response.status, response.headers["Selvedge-Error"]), (400, "show"))
            self.assertIn("1 to 200 characters", body)

    def test_a_long_body_is_refused(self):
        response, _ = self.post("/add", "a" * server.MAX_BODY)
        self.assertEqual(response.status, 413)

    def test_a_form_leads_to_no_other_host(self):
        for referer in "http://localhost//elsewhere.example", "http://[", "", "http://localhost/\\elsewhere.example":
            response, _ = self.send("POST", "/add", "note=x", Referer=referer)
            self.assertRegex(response.headers["Location"], r"^/(?![/\\])")


if __name__ == "__main__":
    unittest.main()
