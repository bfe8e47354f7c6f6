// The events of selvedge.js for TypeScript. A script takes them up by
//
//   /// <reference path="selvedge.d.ts" />
//
// The documentation of package static describes the events.

declare namespace Selvedge {
  /** Before an element of a live message takes its place. Cancelable. */
  interface Message {
    id: string;
    /** The data-revision of the element; undefined: it has none. */
    revision: number | undefined;
    /** The data-epoch of the element; undefined: it has none. */
    epoch: string | undefined;
    /** The data-groups of the element. */
    groups: string[];
    /** The element to be swapped in, not in the page yet. A listener may change it. */
    element: HTMLElement;
  }

  /** After an element was swapped in. */
  interface Swapped {
    id: string;
    revision: number | undefined;
    /** A push of the server, the answer to a poll, or the answer to a request of the page. */
    source: "push" | "poll" | "answer";
  }

  /** When the state of the live connection changes. */
  interface State {
    state: "live" | "polling" | "reconnecting" | "offline";
    transport: "ws" | "sse" | "poll" | "none";
    /** The page does not connect again. */
    ended: boolean;
  }

  /** When a request fails, or an element of an answer or a live message cannot be swapped in. */
  interface Failure {
    /** The status of the response; 0: none. */
    status: number;
    kind: "request" | "message";
  }

  /** While a form with a file is sent. In bytes. */
  interface Progress {
    loaded: number;
    total: number;
  }

  /** Before a request is sent. */
  interface Send {
    /** The fields, which a listener may change. */
    data: FormData;
    /** Fields of other forms that are sent with this one, to which a listener adds. They no longer count as unsent after success. */
    saves: HTMLElement[];
    /** A request for the same address has no answer yet. */
    follows: boolean;
    /** Has the page show what the request will bring, until its answer is there. */
    guess(draw: (set: <T extends object, K extends keyof T>(object: T, property: K, value: T[K]) => void) => void): void;
  }

  /** After the answer to a request was swapped in. */
  interface Answer {
    address: string;
    /** False: the request was not done. */
    ok: boolean;
  }
}

// Elements, the document and the window inherit these events.
interface GlobalEventHandlersEventMap {
  "selvedge:message": CustomEvent<Selvedge.Message>;
  "selvedge:swapped": CustomEvent<Selvedge.Swapped>;
  "selvedge:state": CustomEvent<Selvedge.State>;
  "selvedge:error": CustomEvent<Selvedge.Failure>;
  "selvedge:progress": CustomEvent<Selvedge.Progress>;
  "selvedge:send": CustomEvent<Selvedge.Send>;
  "selvedge:answer": CustomEvent<Selvedge.Answer>;
}
