/*
 * queue.mjs: items that come from a socket, waited for one at a time.
 */

export class Queue {
  #items = [];
  #waiting = [];
  #end = null;

  push(item) {
    const waiter = this.#waiting.shift();

    if (waiter)
      waiter.resolve(item);
    else
      this.#items.push(item);
  }

  /* No more items: whoever waits for one gets error. */
  end(error) {
    this.#end = error;
    for (const waiter of this.#waiting.splice(0))
      waiter.reject(error);
  }

  /* The next item; rejects when the end comes first. */
  next() {
    if (this.#items.length > 0)
      return Promise.resolve(this.#items.shift());
    if (this.#end)
      return Promise.reject(this.#end);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
    });
  }

  /* Everything that is there, without waiting. */
  take() {
    return this.#items.splice(0);
  }
}
