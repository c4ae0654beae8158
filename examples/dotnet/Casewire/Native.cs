using System;
using System.Runtime.InteropServices;
using System.Text;

namespace Casewire
{
    /// <summary>UTF-8 or bytes that belong to somebody else: casewire_text and casewire_slice.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Text
    {
        internal IntPtr Data;
        internal UIntPtr Size;

        internal unsafe Text(byte* data, int size)
        {
            Data = (IntPtr)data;
            Size = (UIntPtr)size;
        }

        internal byte[] ToBytes()
        {
            var bytes = new byte[checked((int)Size)];
            if (bytes.Length != 0)
            {
                Marshal.Copy(Data, bytes, 0, bytes.Length);
            }
            return bytes;
        }

        /// <summary>Copies it to a buffer, which is replaced where it is too small, and tells its length.</summary>
        internal int CopyTo(ref byte[] buffer)
        {
            var length = checked((int)Size);
            if (buffer == null || buffer.Length < length)
            {
                buffer = new byte[Math.Max(length, 4096)];
            }
            Marshal.Copy(Data, buffer, 0, length);
            return length;
        }

        public override string ToString()
        {
            if (Size == UIntPtr.Zero)
            {
                return "";
            }
            var length = CopyTo(ref kept);
            var text = Encoding.UTF8.GetString(kept, 0, length);
            if (kept.Length > MostKept)
            {
                kept = null;
            }
            return text;
        }

        /// <summary>What a thread keeps between texts: an array of its own for each costs more than the call.</summary>
        [ThreadStatic]
        private static byte[] kept;

        private const int MostKept = 1 << 16;
    }

    /// <summary>casewire_credentials.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct NativeCredentials
    {
        internal UIntPtr StructSize;
        internal Text PublicKey;
        internal Text PrivateKey;
    }

    /// <summary>casewire_options.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct NativeOptions
    {
        internal UIntPtr StructSize;
        internal Text ClientId;
        internal ulong Seed;
        internal Text CallbackSecret;
        internal IntPtr Log;
        internal IntPtr LogUserData;
        internal uint LogLevel;
        internal uint Reserved;
    }

    /// <summary>casewire_error_view.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct ErrorView
    {
        internal UIntPtr StructSize;
        internal int Status;
        internal uint CanRetry;
        internal Text Name;
        internal Text Message;
        internal Text Json;
    }

    /// <summary>The functions of casewire.h. What a step or an error tells is read through a view, in one call.</summary>
    internal static unsafe class Native
    {
        private const string Library = "casewire";
        private const CallingConvention C = CallingConvention.Cdecl;

        static Native()
        {
            var version = casewire_abi_version();
            if (version != Abi.AbiVersion)
            {
                throw new DllNotFoundException(
                    "this is for version " + Abi.AbiVersion + " of casewire's interface; the library has " + version);
            }
        }

        /// <summary>Throws what a function said where it failed, and frees it.</summary>
        internal static void Check(int status, IntPtr error)
        {
            if (status == 0)
            {
                return;
            }
            var exception = ToException(error);
            casewire_error_free(error);
            throw exception;
        }

        /// <summary>The exception that an error is.</summary>
        internal static CasewireException ToException(IntPtr error)
        {
            var view = default(ErrorView);
            view.StructSize = (UIntPtr)sizeof(ErrorView);
            casewire_error_read(error, &view, IntPtr.Zero);
            return CasewireException.Of(view.Status, view.Message.ToString(), view.CanRetry != 0, view.Json.ToString());
        }

        [DllImport(Library, CallingConvention = C)]
        internal static extern uint casewire_abi_version();

        [DllImport(Library, CallingConvention = C)]
        internal static extern Text casewire_version();

        [DllImport(Library, CallingConvention = C)]
        internal static extern Text casewire_status_name(int status);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int casewire_error_read(IntPtr failure, ErrorView* view, IntPtr noError);

        [DllImport(Library, CallingConvention = C)]
        internal static extern void casewire_error_free(IntPtr error);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int casewire_config_validate(Text json, ref IntPtr error);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int casewire_case_validate(Text json, ref IntPtr error);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int casewire_connector_new(
            Text config, NativeCredentials* credentials, NativeOptions* options, long now, out ConnectorHandle connector, ref IntPtr error);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int casewire_connector_submit(
            ConnectorHandle connector, Text command, long now, out ulong operation, ref IntPtr error);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int casewire_connector_submit_case(
            ConnectorHandle connector, Text json, long now, out ulong operation, ref IntPtr error);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int casewire_connector_poll(
            ConnectorHandle connector, long now, out StepHandle step, ref IntPtr error);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int casewire_connector_answer(
            ConnectorHandle connector, AnswerHandle answer, long now, ref IntPtr error);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int casewire_connector_cancel(
            ConnectorHandle connector, ulong operation, long now, IntPtr noError);

        [DllImport(Library, CallingConvention = C)]
        internal static extern void casewire_connector_free(IntPtr connector);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int casewire_step_read(StepHandle step, StepView* view, ref IntPtr error);

        [DllImport(Library, CallingConvention = C)]
        internal static extern void casewire_step_free(IntPtr step);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int casewire_answer_new(StepHandle step, out AnswerHandle answer, ref IntPtr error);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int casewire_answer_set_http(AnswerHandle answer, uint status, ref IntPtr error);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int casewire_answer_add_header(AnswerHandle answer, Text name, Text value, IntPtr noError);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int casewire_answer_add_body(AnswerHandle answer, Text bytes, IntPtr noError);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int casewire_answer_set_stored(AnswerHandle answer, ulong size, Text sha256, ref IntPtr error);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int casewire_answer_set_done(AnswerHandle answer, ref IntPtr error);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int casewire_answer_set_fetched(AnswerHandle answer, ref IntPtr error);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int casewire_answer_set_failed(AnswerHandle answer, uint failure, Text message, ref IntPtr error);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int casewire_answer_set_json(AnswerHandle answer, Text json, Text body, ref IntPtr error);

        [DllImport(Library, CallingConvention = C)]
        internal static extern void casewire_answer_free(IntPtr answer);
    }
}
