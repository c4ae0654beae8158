use std::{
    future::{Future, poll_fn},
    pin::Pin,
    task::Poll,
};

type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Runs futures side by side and gives their outputs in the order of the futures.
pub(crate) async fn join_all<'a, T: Send, F: Future<Output = T> + Send + 'a>(
    futures: impl IntoIterator<Item = F>,
) -> Vec<T> {
    let mut slots: Vec<(Boxed<'a, T>, Option<T>)> = futures
        .into_iter()
        .map(|future| (Box::pin(future) as Boxed<'a, T>, None))
        .collect();
    poll_fn(|task| {
        let mut open = false;
        for (future, output) in &mut slots {
            if output.is_none() {
                match future.as_mut().poll(task) {
                    Poll::Ready(value) => *output = Some(value),
                    Poll::Pending => open = true,
                }
            }
        }
        if open { Poll::Pending } else { Poll::Ready(()) }
    })
    .await;
    slots.into_iter().filter_map(|(_, output)| output).collect()
}
