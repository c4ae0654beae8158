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

        public override string ToString()
        {
            return Encoding.UTF8.GetString(ToBytes());
        }
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
    }

    /// <summary>The functions of casewire.h.</summary>
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
            var exception = ToException(status, error);
            casewire_error_free(error);
            throw exception;
        }

        internal static CasewireException ToException(int status, IntPtr error)
        {
            return CasewireException.Of(
                status,
                casewire_error_message(error).ToString(),
                casewire_error_can_retry(error) != 0,
                casewire_error_json(error).ToString());
        }

        [DllImport(Library, CallingConvention = C)]
        internal static extern uint casewire_abi_version();

        [DllImport(Library, CallingConvention = C)]
        internal static extern Text casewire_version();

        [DllImport(Library, CallingConvention = C)]
        internal static extern Text casewire_status_name(int status);

        [DllImport(Library, CallingConvention = C)]
        internal static extern int casewire_error_status(IntPtr error);

        [DllImport(Library, CallingConvention = C)]
        internal static extern Text casewire_error_message(IntPtr error);

        [DllImport(Library, CallingConvention = C)]
        internal static extern Text casewire_error_json(IntPtr error);

        [DllImport(Library, CallingConvention = C)]
        internal static extern uint casewire_error_can_retry(IntPtr error);

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
        internal static extern uint casewire_step_kind(StepHandle step);

        [DllImport(Library, CallingConvention = C)]
        internal static extern ulong casewire_step_effect_id(StepHandle step);

        [DllImport(Library, CallingConvention = C)]
        internal static extern ulong casewire_step_operation_id(StepHandle step);

        [DllImport(Library, CallingConvention = C)]
        internal static extern Text casewire_step_json(StepHandle step);

        [DllImport(Library, CallingConvention = C)]
        internal static extern void casewire_step_free(IntPtr step);

        [DllImport(Library, CallingConvention = C)]
        internal static extern Text casewire_step_http_method(StepHandle step);

        [DllImport(Library, CallingConvention = C)]
        internal static extern Text casewire_step_http_url(StepHandle step);

        [DllImport(Library, CallingConvention = C)]
        internal static extern UIntPtr casewire_step_http_header_count(StepHandle step);

        [DllImport(Library, CallingConvention = C)]
        internal static extern Text casewire_step_http_header_name(StepHandle step, UIntPtr index);

        [DllImport(Library, CallingConvention = C)]
        internal static extern Text casewire_step_http_header_value(StepHandle step, UIntPtr index);

        [DllImport(Library, CallingConvention = C)]
        internal static extern ulong casewire_step_http_timeout_ms(StepHandle step);

        [DllImport(Library, CallingConvention = C)]
        internal static extern ulong casewire_step_http_max_answer(StepHandle step);

        [DllImport(Library, CallingConvention = C)]
        internal static extern Text casewire_step_http_store_as(StepHandle step);

        [DllImport(Library, CallingConvention = C)]
        internal static extern long casewire_step_http_not_after_ms(StepHandle step);

        [DllImport(Library, CallingConvention = C)]
        internal static extern UIntPtr casewire_step_body_count(StepHandle step);

        [DllImport(Library, CallingConvention = C)]
        internal static extern ulong casewire_step_body_size(StepHandle step);

        [DllImport(Library, CallingConvention = C)]
        internal static extern ulong casewire_step_body_piece_size(StepHandle step, UIntPtr index);

        [DllImport(Library, CallingConvention = C)]
        internal static extern Text casewire_step_body_piece(StepHandle step, UIntPtr index);

        [DllImport(Library, CallingConvention = C)]
        internal static extern Text casewire_step_body_attachment(StepHandle step, UIntPtr index);

        [DllImport(Library, CallingConvention = C)]
        internal static extern IntPtr casewire_step_error(StepHandle step);

        [DllImport(Library, CallingConvention = C)]
        internal static extern Text casewire_step_case_id(StepHandle step);

        [DllImport(Library, CallingConvention = C)]
        internal static extern ulong casewire_step_ticket_id(StepHandle step);

        [DllImport(Library, CallingConvention = C)]
        internal static extern Text casewire_step_delivery_id(StepHandle step);

        [DllImport(Library, CallingConvention = C)]
        internal static extern long casewire_step_deadline_ms(StepHandle step);

        [DllImport(Library, CallingConvention = C)]
        internal static extern Text casewire_step_token(StepHandle step);

        [DllImport(Library, CallingConvention = C)]
        internal static extern ulong casewire_step_cancel_target(StepHandle step);

        [DllImport(Library, CallingConvention = C)]
        internal static extern UIntPtr casewire_step_operations_left(StepHandle step);

        [DllImport(Library, CallingConvention = C)]
        internal static extern UIntPtr casewire_step_effects_left(StepHandle step);

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
