using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace Casewire
{
    /// <content>The loop that polls, has effects performed, and answers them.</content>
    public sealed partial class Connector
    {
        private async Task PumpAsync()
        {
            try
            {
                while (true)
                {
                    lock (gate)
                    {
                        if (over != null)
                        {
                            return;
                        }
                    }
                    while (Step())
                    {
                    }
                    await wake.WaitAsync().ConfigureAwait(false);
                }
            }
            catch (CasewireException error)
            {
                End(error);
            }
            catch (Exception error)
            {
                var message = "casewire failed, and the next connector goes on from the store: " + error.Message;
                End(CasewireException.Of((int)ErrorCode.Internal, message, false, "{}"));
            }
        }

        /// <summary>Takes the next step, and says whether there may be another.</summary>
        private bool Step()
        {
            var error = IntPtr.Zero;
            var before = Interlocked.Read(ref changes);
            StepHandle taken;
            Native.Check(Native.casewire_connector_poll(handle, now(), out taken, ref error), error);
            var step = new Step(taken);
            switch (step.View.Kind)
            {
                case Abi.StepIdle:
                    using (step)
                    {
                        TellIdle(step.IsAllDone, before);
                    }
                    return false;
                case Abi.StepFinished:
                    using (step)
                    {
                        Finish(step);
                    }
                    return true;
                case Abi.StepCancel:
                    using (step)
                    using (var answer = new Answer(step))
                    {
                        Drop(step.View.CancelTarget);
                        answer.Done();
                        Give(answer);
                    }
                    return true;
                default:
                    Start(step);
                    return true;
            }
        }

        private void TellIdle(bool isAllDone, long before)
        {
            List<TaskCompletionSource<bool>> told;
            lock (gate)
            {
                isIdle = isAllDone && Interlocked.Read(ref changes) == before;
                if (!isIdle)
                {
                    return;
                }
                told = idle.ToList();
                idle.Clear();
            }
            Tell(told);
        }

        private static void Tell(List<TaskCompletionSource<bool>> told)
        {
            // On another thread: what waits may run code of the host at once.
            Task.Run(() => told.ForEach(one => one.TrySetResult(true)));
        }

        private void Finish(Step step)
        {
            var operation = step.View.OperationId;
            TaskCompletionSource<Outcome> outcome;
            lock (gate)
            {
                waiting.TryGetValue(operation, out outcome);
                waiting.Remove(operation);
            }
            if (step.View.Error != IntPtr.Zero)
            {
                var exception = Native.ToException(step.View.Error);
                log(LogLevel.Warning, "operation " + operation + " failed: " + exception.Code);
                Task.Run(() => outcome?.TrySetException(exception));
                return;
            }
            var result = new Outcome(step.View.CaseId.ToString(), step.View.TicketId, step.View.Json.ToBytes());
            log(LogLevel.Info, "operation " + operation + " is over, ticket " + result.TicketId);
            Task.Run(() => outcome?.TrySetResult(result));
        }

        private void Drop(ulong effect)
        {
            CancellationTokenSource cancel;
            lock (gate)
            {
                effects.TryGetValue(effect, out cancel);
            }
            if (cancel != null)
            {
                // On another thread: what listens to it may be code of the host.
                Task.Run(() => cancel.Cancel());
            }
        }

        private void Start(Step step)
        {
            var effect = step.View.EffectId;
            var cancel = new CancellationTokenSource();
            lock (gate)
            {
                effects.Add(effect, cancel);
                var task = Task.Run(() => PerformAsync(effect, step, cancel.Token));
                work.Add(task);
                task.ContinueWith(Done, TaskContinuationOptions.ExecuteSynchronously);
            }
        }

        private void Done(Task task)
        {
            lock (gate)
            {
                work.Remove(task);
            }
        }

        private async Task PerformAsync(ulong effect, Step step, CancellationToken cancel)
        {
            using (step)
            using (var answer = new Answer(step))
            {
                try
                {
                    await performer.PerformAsync(step, answer, cancel).ConfigureAwait(false);
                    Give(answer);
                }
                catch (CasewireException error)
                {
                    End(error);
                }
                finally
                {
                    lock (gate)
                    {
                        effects.Remove(effect);
                    }
                    Wake();
                }
            }
        }

        /// <summary>Gives an answer to the connector. One that is not wanted any more is dropped.</summary>
        private void Give(Answer answer)
        {
            var error = IntPtr.Zero;
            try
            {
                Native.Check(Native.casewire_connector_answer(handle, answer.Handle, now(), ref error), error);
            }
            catch (CasewireException stale) when (stale.Code == ErrorCode.StaleEffect)
            {
            }
        }

        private void End(CasewireException reason)
        {
            List<TaskCompletionSource<Outcome>> left;
            List<TaskCompletionSource<bool>> told;
            lock (gate)
            {
                if (over == null)
                {
                    over = reason;
                    if (reason.Code != ErrorCode.Cancelled)
                    {
                        log(LogLevel.Error, "the connector is over: " + reason.Code);
                    }
                }
                left = waiting.Values.ToList();
                waiting.Clear();
                told = idle.ToList();
                idle.Clear();
            }
            Wake();
            Task.Run(() => left.ForEach(one => one.TrySetException(reason)));
            Tell(told);
        }
    }
}
