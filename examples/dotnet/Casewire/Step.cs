using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Casewire
{
    /// <summary>casewire_step_view.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal unsafe struct StepView
    {
        internal UIntPtr StructSize;
        internal uint Kind;
        internal uint Reserved;
        internal ulong EffectId;
        internal ulong OperationId;
        internal ulong TicketId;
        internal ulong CancelTarget;
        internal long DeadlineMilliseconds;
        internal ulong TimeoutMilliseconds;
        internal ulong MaxAnswer;
        internal long NotAfterMilliseconds;
        internal ulong BodySize;
        internal Text CaseId;
        internal Text DeliveryId;
        internal Text Token;
        internal Text Method;
        internal Text Url;
        internal Text StoreAs;
        internal Text Json;
        internal NativeHeader* Headers;
        internal UIntPtr HeaderCount;
        internal NativePiece* Pieces;
        internal UIntPtr PieceCount;
        internal IntPtr Error;
        internal UIntPtr OperationsLeft;
        internal UIntPtr EffectsLeft;
    }

    /// <summary>casewire_header.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct NativeHeader
    {
        internal Text Name;
        internal Text Value;
    }

    /// <summary>casewire_piece.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct NativePiece
    {
        internal Text Bytes;
        internal Text Attachment;
        internal ulong Size;
    }

    /// <summary>A step and all that it tells, which one call reads. Texts live until it is disposed of.</summary>
    internal sealed unsafe class Step : IDisposable
    {
        internal readonly StepHandle Handle;
        internal readonly StepView View;

        /// <summary>Takes a step over.</summary>
        internal Step(StepHandle handle)
        {
            Handle = handle;
            var error = IntPtr.Zero;
            var view = default(StepView);
            view.StructSize = (UIntPtr)sizeof(StepView);
            Native.Check(Native.casewire_step_read(handle, &view, ref error), error);
            View = view;
        }

        internal bool IsAllDone
        {
            get { return View.OperationsLeft == UIntPtr.Zero && View.EffectsLeft == UIntPtr.Zero; }
        }

        /// <summary>Its JSON, as dictionaries and lists.</summary>
        internal Dictionary<string, object> Json()
        {
            return Casewire.Json.Object(View.Json.ToString());
        }

        internal List<KeyValuePair<string, string>> Headers()
        {
            var headers = new List<KeyValuePair<string, string>>();
            for (var i = 0; i < (int)View.HeaderCount; i++)
            {
                headers.Add(new KeyValuePair<string, string>(View.Headers[i].Name.ToString(), View.Headers[i].Value.ToString()));
            }
            return headers;
        }

        internal List<NativePiece> Pieces()
        {
            var pieces = new List<NativePiece>();
            for (var i = 0; i < (int)View.PieceCount; i++)
            {
                pieces.Add(View.Pieces[i]);
            }
            return pieces;
        }

        public void Dispose()
        {
            Handle.Dispose();
        }
    }
}
