// The package in a worker, so that the page stays free; the worker and the module are found by the bundler.
const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });

window.run = async (name) => {
  const given = await (await fetch('/given.json')).json();
  const answer = new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => (data.error ? reject(new Error(data.error)) : resolve(data));
    worker.onerror = (event) => reject(new Error(event.message));
  });
  worker.postMessage({ given, name });
  return answer;
};
